import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineService } from '../../src/engine/service.ts';
import type { EngineApi } from '../../src/protocol/engine.ts';
import type { LabelledRow } from '../../src/protocol/evaluation/folder.ts';
import { Reasoned, valueOf } from '../../src/protocol/result.ts';
import { ROOT } from '../environment.ts';
import { comparison, mediansOf } from '../measures.ts';
import type { Bench, Measured } from '../run.ts';
import { Transformers } from '../transformers.ts';

const ROWS_A_TURN = 24;
const WARM_UPS = 1;
const TURNS = 5;
const LABEL_WORDS = { '0': ' negative', '1': ' positive' };
const PROMPT = 'Review: {{ sentence }}\nSentiment:';
const promptOf = (sentence: string): string => `Review: ${sentence}\nSentiment:`;
/** Of a log-probability. */
const TOLERANCE = 1e-3;

/** The evaluation of some rows of SST-2, beside the usual loop: one forward pass an example. Both have the model in memory. */
export async function zeroShotSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const starterFolder = path.join(ROOT, 'models', 'starter');
  const engine = createEngineService({ starterFolder, home: scratch, log: () => {} });
  try {
    const { device } = await valueOf(engine.load({ model: bench.model, device: 'cpu' }));
    using transformers = new Transformers(bench.python, bench.model, device.threads);
    const rates: Array<[ours: number, theirs: number]> = [];
    for (const [turn, lines] of (await turnsOfRows()).entries()) {
      bench.signal.throwIfAborted();
      const file = path.join(scratch, `${turn}.tsv`);
      await writeFile(file, `sentence\tlabel\n${lines.join('\n')}\n`);
      const ours = await evaluated(engine, file, bench);
      const prompts = lines.map(line => promptOf(line.split('\t')[0] as string));
      const theirs = await transformers.zeroShot(prompts, Object.values(LABEL_WORDS));
      requireSameScores(ours.rows, theirs.scores);
      rates.push([lines.length / ours.seconds, lines.length / theirs.seconds]);
    }
    const [ours, theirs] = mediansOf(rates.slice(WARM_UPS));
    const measure = `SST-2 zero-shot, ${TURNS} x ${ROWS_A_TURN} rows, two labels; transformers: one forward pass an example`;
    return {
      rows: [comparison(measure, 'examples/s', ours, theirs, ours / theirs, 4)],
      threads: device.threads,
      repetitions: TURNS,
    };
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Other rows in each turn, so that nothing that is remembered of earlier ones helps. */
async function turnsOfRows(): Promise<string[][]> {
  const text = await readFile(path.join(ROOT, 'samples', 'SST-2', 'dev.tsv'), 'utf8');
  const lines = text.trimEnd().split('\n').slice(1);
  return Array.from({ length: WARM_UPS + TURNS }, (_, turn) =>
    lines.slice(turn * ROWS_A_TURN, (turn + 1) * ROWS_A_TURN),
  );
}

/** The whole evaluation: reading the file, rendering, encoding, scoring, summing up. */
async function evaluated(
  engine: EngineApi,
  file: string,
  { model, signal }: Bench,
): Promise<{ seconds: number; rows: readonly LabelledRow[] }> {
  const prompt = { prompt: PROMPT, labelWords: LABEL_WORDS };
  const request = { task: 'prompt', models: [model], dataset: { file }, device: 'cpu', prompt } as const;
  const start = performance.now();
  const { rows } = await valueOf(engine.evaluateRows(request, { signal }));
  return { seconds: (performance.now() - start) / 1000, rows: rows as readonly LabelledRow[] };
}

function requireSameScores(rows: readonly LabelledRow[], theirs: ReadonlyArray<readonly number[]>): void {
  for (const [at, { scores }] of rows.entries()) {
    const differences = Object.values(scores).map((score, label) =>
      Math.abs(score - (theirs[at]?.[label] ?? Number.NaN)),
    );
    if (differences.every(difference => difference < TOLERANCE)) continue;
    throw new Reasoned(
      'bench-differs',
      `Row ${at + 1}: ${JSON.stringify(scores)} here, ${JSON.stringify(theirs[at])} by transformers.`,
      'Run the parity tests: times of different computations can’t be compared.',
    );
  }
}
