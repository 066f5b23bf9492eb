// npm run learning -- [--only sms-spam,…] [--experiment DPO] [--seeds 1] [--missing]: trains the starter model on real data by the
// command line, and writes docs/learning.md with its curves. Runs that are not made anew, with --missing all that have
// figures, keep them in bench/results/learning.json.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { RUN_FILES, type SampleLine, type SplitFile } from '../../src/protocol/run/folder.ts';
import { ROOT } from '../environment.ts';
import { trainByCommandLine } from '../training.ts';
import { STUDIES } from './experiments.ts';
import type { Experiment, Study } from './study.ts';
import { curvesOf, type LearningRun, samplesOf, scoresOf } from './figures.ts';
import { writePage } from './page.ts';

const RESULTS = path.join(ROOT, 'bench', 'results', 'learning.json');

const abort = new AbortController();
process.once('SIGINT', () => abort.abort());
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    experiment: { type: 'string' },
    seeds: { type: 'string' },
    missing: { type: 'boolean' },
  },
});
const wanted = values.only?.split(',') ?? STUDIES.map(({ id }) => id);
const runs = existsSync(RESULTS) ? (JSON.parse(await readFile(RESULTS, 'utf8')) as LearningRun[]) : [];
for (const study of STUDIES.filter(({ id }) => wanted.includes(id)))
  for (const experiment of study.experiments.filter(({ name }) => name === (values.experiment ?? name)))
    for (const seed of experiment.seeds.slice(0, Number(values.seeds ?? experiment.seeds.length)))
      if (!values.missing || placeOf(study.id, experiment.name, seed) < 0)
        await keep(await learned(study, experiment, seed));
await writePage(runs);

function placeOf(study: string, experiment: string, seed: number): number {
  return runs.findIndex(run => run.study === study && run.experiment === experiment && run.seed === seed);
}

/** In place of the same run's earlier figures; at once, as all of them take an hour. */
async function keep(run: LearningRun): Promise<void> {
  const earlier = placeOf(run.study, run.experiment, run.seed);
  runs.splice(earlier < 0 ? runs.length : earlier, 1, run);
  await writeFile(RESULTS, `${JSON.stringify(runs, null, 1)}\n`);
}

async function learned(study: Study, experiment: Experiment, seed: number): Promise<LearningRun> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-learning-'));
  try {
    const cli = path.join(ROOT, 'dist', 'cli.js');
    const first = experiment.before?.(seed);
    const before = first && (await trainByCommandLine(cli, first, path.join(scratch, 'before'), abort.signal));
    const request = experiment.request(seed, before && path.join(before.folder, RUN_FILES.model));
    const { folder, result, metrics } = await trainByCommandLine(cli, request, scratch, abort.signal);
    console.error(`${study.id}, ${experiment.name}, seed ${seed}: ${JSON.stringify(result.metrics)}`);
    const { wallSeconds, steps, peakMemoryBytes } = result;
    const split = JSON.parse(await readFile(path.join(folder, RUN_FILES.split), 'utf8')) as SplitFile;
    const run = { study: study.id, experiment: experiment.name, seed, request: told(request), wallSeconds, steps };
    const figures = {
      ...run,
      peakMemoryBytes,
      rows: { test: split.test.length },
      ...(before && {
        before: { wallSeconds: before.result.wallSeconds, peakMemoryBytes: before.result.peakMemoryBytes },
      }),
      final: result.metrics as LearningRun['final'],
      ...scoresOf(metrics),
    };
    if (seed !== experiment.seeds[0]) return figures;
    const samples = await samplesIn(folder);
    return { ...figures, curves: curvesOf(metrics), ...(samples.length > 0 && { samples: samplesOf(samples) }) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** With the sample files' places in the project. */
function told<T>(request: T): T {
  return JSON.parse(JSON.stringify(request).replaceAll(`${ROOT}${path.sep}`, '')) as T;
}

async function samplesIn(folder: string): Promise<SampleLine[]> {
  const file = path.join(folder, RUN_FILES.samples);
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line !== '');
  return lines.map(line => JSON.parse(line) as SampleLine);
}
