import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../environment.ts';
import { type Chart, COLORS, svgOf } from './chart.ts';
import { type Study, STUDIES } from './experiments.ts';
import type { LearningRun } from './figures.ts';

const IMAGES = path.join(ROOT, 'docs', 'images', 'learning');
/** Steps that a smoothed loss is a mean over. */
const SMOOTHED = 31;

/** docs/learning.md and its curves. */
export async function writePage(runs: readonly LearningRun[]): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const sections: string[] = [];
  for (const study of STUDIES) {
    const own = runs.filter(run => run.study === study.id);
    if (own.length === 0) continue;
    for (const [name, chart] of chartsOf(study, own))
      await writeFile(path.join(IMAGES, `${study.id}-${name}.svg`), svgOf(chart));
    sections.push(section(study, own));
  }
  const page = `# What fine-tuning reaches

The starter model (12 million parameters) fine-tuned on real data by \`lm-lab train\`, on a CPU with two cores. Made by \`node bench/learning/run.ts\`; each run’s request stands in [bench/results/learning.json](../bench/results/learning.json), and what it leaves out are the defaults of run.json. The figures are those of the last step, not of the best one.

${sections.join('\n\n')}
`;
  await writeFile(path.join(ROOT, 'docs', 'learning.md'), page);
}

function section(study: Study, runs: readonly LearningRun[]): string {
  const images = chartsOf(study, runs).map(
    ([name, { title }]) => `![${title}](images/learning/${study.id}-${name}.svg)`,
  );
  const classifies = runs.some(({ final }) => final['test']?.['accuracy'] !== undefined);
  const table = classifies ? accuracies(study, runs) : losses(runs);
  return [`## ${study.title}`, study.text, settings(runs), table, ...images, ...runs.flatMap(samples)].join('\n\n');
}

/** What the study's runs have in common. */
function settings([first]: readonly LearningRun[]): string {
  const { epochs, batchSize, schedule = 'linear', warmupRatio } = first?.request.training ?? {};
  const warmup = warmupRatio ? `, a warm-up over ${percent(warmupRatio)} of the steps` : '';
  return `${epochs} epochs, ${batchSize} rows a step, AdamW with a ${schedule} schedule${warmup}.`;
}

function accuracies({ experiments }: Study, runs: readonly LearningRun[]): string {
  const rows = experiments.map(({ name }) => {
    const own = runs.filter(({ experiment }) => experiment === name);
    const tested = own.map(({ final }) => final['test']?.['accuracy'] ?? Number.NaN);
    const seeds = own.map(({ seed }, index) => `${percent(tested[index] as number)} (${seed})`).join(', ');
    const rate = own[0]?.request.training?.learningRate;
    return `| ${name} | ${rate} | ${percent(mean(tested))} | ${seeds} | ${Math.min(...own.map(({ wallSeconds }) => wallSeconds)).toFixed(0)} s |`;
  });
  return [
    '| what trains | learning rate | test accuracy, mean | by seed | time of the quickest run |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function losses(runs: readonly LearningRun[]): string {
  const rows = runs.map(({ experiment, request, curves, final, wallSeconds }) => {
    const evaluated = curves?.['evalLoss'] ?? [];
    const [before, after] = [evaluated[0]?.[1], evaluated.at(-1)?.[1]].map(value => value?.toFixed(3));
    const test = final['test']?.['loss']?.toFixed(3);
    return `| ${experiment} | ${request.training?.learningRate} | ${before} | ${after} | ${test} | ${wallSeconds.toFixed(0)} s |`;
  });
  return [
    '| what trains | learning rate | validation loss before | after | test loss after | time |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Of each prompt, its instruction and what was written. */
function samples({ samples }: LearningRun): string[] {
  if (!samples) return [];
  const rows = samples.after.map(({ prompt, completion, reference }) => {
    const before = samples.before.find(sample => sample.prompt === prompt)?.completion;
    const asked = prompt.split('### Instruction:\n').at(-1)?.replace('\n\n### Response:\n', '') ?? prompt;
    return `| ${[asked, before ?? '', completion, reference ?? ''].map(cell).join(' | ')} |`;
  });
  return [
    'What the model writes before the first step and after the last, greedily, on validation rows:',
    ['| instruction | before | after | reference |', '|---|---|---|---|', ...rows].join('\n'),
  ];
}

const cell = (text: string): string =>
  text
    .trim()
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*\n+\s*/g, '<br>');

type Named = readonly [name: string, chart: Chart];

function chartsOf(study: Study, runs: readonly LearningRun[]): Named[] {
  const shown = runs.filter(({ curves }) => curves);
  const colored = shown.map((run, index) => ({ ...run, color: COLORS[index % COLORS.length] as string }));
  const loss: Chart = {
    title: `${study.title}: loss on validation rows; pale: in training, smoothed`,
    xLabel: 'steps',
    yLabel: 'loss (nats)',
    series: colored.flatMap(({ experiment, curves = {}, color }) => [
      { name: experiment, points: smoothed(curves['loss'] ?? []), color, faint: true },
      { name: experiment, points: curves['evalLoss'] ?? [], color, dashed: true },
    ]),
  };
  const accuracy: Chart = {
    title: `${study.title}: accuracy on validation rows`,
    xLabel: 'steps',
    yLabel: 'accuracy',
    series: colored.map(({ experiment, curves = {}, color }) => ({
      name: experiment,
      points: curves['evalAccuracy'] ?? [],
      color,
      dashed: true,
    })),
  };
  const hasAccuracy = accuracy.series.some(({ points }) => points.length > 0);
  return hasAccuracy ? [['loss', loss] as const, ['accuracy', accuracy] as const] : [['loss', loss]];
}

type Points = ReadonlyArray<readonly [number, number]>;

/** Each point the mean of those around it. */
const smoothed = (points: Points): Points =>
  points.map(([x], index) => {
    const around = points.slice(Math.max(0, index - (SMOOTHED >> 1)), index + (SMOOTHED >> 1) + 1);
    return [x, mean(around.map(([, y]) => y))] as const;
  });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(1).replace(/\.0$/, '')} %`;
