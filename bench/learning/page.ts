import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../environment.ts';
import { type Chart, COLORS, svgOf } from './chart.ts';
import { STUDIES } from './experiments.ts';
import type { LearningRun } from './figures.ts';
import { policies, preferred } from './rewardTables.ts';
import type { Study } from './study.ts';

const IMAGES = path.join(ROOT, 'docs', 'images', 'learning');
/** Steps that a smoothed loss is a mean over. */
const SMOOTHED = 31;
/** The same of answers, of which a step has several. */
const SMOOTHED_ANSWERS = 7;

/** docs/learning.md and its curves. */
export async function writePage(runs: readonly LearningRun[]): Promise<void> {
  await mkdir(IMAGES, { recursive: true });
  const sections: string[] = [];
  for (const study of STUDIES) {
    const own = inOrder(study, runs);
    if (own.length === 0) continue;
    for (const [name, chart] of chartsOf(study, own))
      await writeFile(path.join(IMAGES, `${study.id}-${name}.svg`), svgOf(chart));
    sections.push(section(study, own));
  }
  const page = `# What fine-tuning reaches

The starter model (12 million parameters) fine-tuned on real data by \`lm-lab train\`, on a CPU with two cores. Made by \`npm run learning\`; each run’s request stands in [bench/results/learning.json](../bench/results/learning.json), and what it leaves out are the defaults of run.json. The figures are those of the last step, not of the best one.

${sections.join('\n\n')}
`;
  await writeFile(path.join(ROOT, 'docs', 'learning.md'), page);
}

/** Those of a study as it lists them, each with its seeds. */
const inOrder = ({ id, experiments }: Study, runs: readonly LearningRun[]): LearningRun[] =>
  experiments.flatMap(({ name }) =>
    runs
      .filter(({ study, experiment }) => study === id && experiment === name)
      .toSorted((one, other) => one.seed - other.seed),
  );

function section(study: Study, runs: readonly LearningRun[]): string {
  const images = chartsOf(study, runs).map(
    ([name, { title }]) => `![${title}](images/learning/${study.id}-${name}.svg)`,
  );
  return [
    `## ${study.title}`,
    study.text,
    settings(runs),
    ...tables(study, runs),
    ...images,
    ...runs.flatMap(samples),
  ].join('\n\n');
}

/** Each kind of run by figures of its own. */
function tables(study: Study, runs: readonly LearningRun[]): string[] {
  const of = (...methods: readonly string[]) => runs.filter(({ request: { method } }) => methods.includes(method));
  const [classifiers, answers, pairs, written] = [
    of('classification'),
    of('sft', 'lm'),
    of('dpo', 'reward'),
    of('ppo'),
  ];
  return [
    ...(classifiers.length > 0 ? [accuracies(study, classifiers)] : []),
    ...(answers.length > 0 ? [losses(answers)] : []),
    ...(pairs.length > 0 ? [preferred(pairs)] : []),
    ...(written.length > 0 ? [policies(written)] : []),
  ];
}

/** What the study's runs have in common. */
function settings([first]: readonly LearningRun[]): string {
  const { epochs, maxSteps, batchSize, schedule = 'linear', warmupRatio } = first?.request.training ?? {};
  const length = maxSteps ? `${maxSteps} steps` : counted(epochs ?? 1, 'epoch');
  const warmup = warmupRatio ? `, a warm-up over ${percent(warmupRatio)} of the steps` : '';
  return `${length}, ${batchSize} rows a step, AdamW with a ${schedule} schedule${warmup}.`;
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

/** Of each prompt, its instruction and what was written; with a score where answers have one, else what should have come. */
function samples({ experiment, request, samples }: LearningRun): string[] {
  if (!samples || (request.method !== 'ppo' && request.method !== 'sft')) return [];
  const scored = samples.after.some(({ score }) => score !== undefined);
  const rows = samples.after.map(({ prompt, completion, reference, score }) => {
    const before = samples.before.find(sample => sample.prompt === prompt)?.completion;
    const asked = prompt.split('### Instruction:\n').at(-1)?.replace('\n\n### Response:\n', '') ?? prompt;
    return `| ${[asked, before ?? '', completion, scored ? String(Number(score?.toFixed(2))) : (reference ?? '')].map(cell).join(' | ')} |`;
  });
  const of = scored ? `${experiment}: what` : 'What';
  return [
    `${of} the model writes before the first step and after the last, greedily, on validation rows:`,
    [
      `| ${scored ? 'prompt' : 'instruction'} | before | after | ${scored ? 'score' : 'reference'} |`,
      '|---|---|---|---|',
      ...rows,
    ].join('\n'),
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
  const written = ofPolicies(study, colored);
  if (written.length > 0) return written;
  const hasAccuracy = accuracy.series.some(({ points }) => points.length > 0);
  return hasAccuracy ? [['loss', loss] as const, ['accuracy', accuracy] as const] : [['loss', loss]];
}

/** What policies learn: the score of their answers, how far they go for it, and how open they stay. */
function ofPolicies({ title }: Study, runs: ReadonlyArray<LearningRun & { readonly color: string }>): Named[] {
  const policies = runs.filter(({ curves }) => curves?.['scoreMean']);
  if (policies.length === 0) return [];
  const chart = (metric: string, yLabel: string): Chart => ({
    title: `${title}: ${yLabel} of the answers of each step, smoothed`,
    xLabel: 'steps',
    yLabel,
    series: policies.map(({ experiment, curves = {}, color }) => ({
      name: experiment,
      points: smoothed(curves[metric] ?? [], SMOOTHED_ANSWERS),
      color,
    })),
  });
  return [
    ['score', chart('scoreMean', 'score')],
    ['kl', chart('kl', 'KL divergence (nats)')],
    ['entropy', chart('entropy', 'entropy (nats)')],
  ];
}

type Points = ReadonlyArray<readonly [number, number]>;

/** Each point the mean of those around it. */
const smoothed = (points: Points, over = SMOOTHED): Points =>
  points.map(([x], index) => {
    const around = points.slice(Math.max(0, index - (over >> 1)), index + (over >> 1) + 1);
    return [x, mean(around.map(([, y]) => y))] as const;
  });

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => `${(100 * share).toFixed(1).replace(/\.0$/, '')} %`;
