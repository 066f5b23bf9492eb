import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineService } from '../../src/engine/service.ts';
import type { EngineApi } from '../../src/protocol/engine.ts';
import type { DecodingSettings, Generated } from '../../src/protocol/generation.ts';
import { Reasoned, valueOf } from '../../src/protocol/result.ts';
import { ROOT } from '../environment.ts';
import { median, mediansOf } from '../measures.ts';
import type { Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';
import { responses } from './responses.ts';
import { textsOf } from '../texts.ts';
import { Transformers } from '../transformers.ts';

const CONTEXT = 512;
const NEW_TOKENS = 48;
/** The context is as long in the middle of what is made. */
const PROMPT_TOKENS = CONTEXT - NEW_TOKENS / 2;
const WARM_UPS = 1;
const REPETITIONS = 6;
const BEAMS = 4;

const GREEDY = { decoding: 'greedy' } as const;
const BEAM = { decoding: 'beam', beams: BEAMS } as const;
/** Four that filter in different ways. */
const SAMPLED = [
  { decoding: 'sample', seed: 1, temperature: 0.8, topP: 0.9 },
  { decoding: 'sample', seed: 1, topK: 40 },
  { decoding: 'sample', seed: 1, minP: 0.05, repetitionPenalty: 1.2 },
  { decoding: 'sample', seed: 1, typicalP: 0.9 },
] as const;

type Column = typeof GREEDY | typeof BEAM | (typeof SAMPLED)[number];

/** Greedy decoding, beam search, several settings at once and responses to many prompts, each as a row with its goal. */
export async function generateSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const starterFolder = path.join(ROOT, 'models', 'starter');
  const engine = createEngineService({ starterFolder, home: scratch, log: () => {} });
  try {
    const texts = await textsOf(PROMPT_TOKENS, WARM_UPS + REPETITIONS, bench.model);
    const { device } = await valueOf(engine.load({ model: bench.model, device: 'cpu' }));
    using transformers = new Transformers(bench.python, bench.model, device.threads);
    const greedy = await besideTransformers(engine, transformers, GREEDY, texts, bench);
    const beam = await besideTransformers(engine, transformers, BEAM, texts, bench);
    const { readSeconds } = await transformers.readWeights();
    const rows = [
      higherRate(`greedy decoding at ${CONTEXT} tokens of context`, greedy, 1.6),
      ofLimit('greedy decoding, of what reading the weights once a token allows', greedy[0], 1 / readSeconds, 0.7),
      higherRate(`beam search with ${BEAMS} beams at ${CONTEXT} tokens of context`, beam, 2),
      await together(engine, texts, bench),
      await responses(engine, transformers, scratch, bench),
    ];
    return { rows, threads: device.threads, repetitions: REPETITIONS };
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Tokens a second on both sides, in turns, the prompt's time taken off. */
async function besideTransformers(
  engine: EngineApi,
  transformers: Transformers,
  column: typeof GREEDY | typeof BEAM,
  texts: readonly string[],
  bench: Bench,
): Promise<[ours: number, theirs: number]> {
  const beams = 'beams' in column ? column.beams : 1;
  const pairs: Array<[ours: number, theirs: number]> = [];
  for (const text of texts) {
    const own = await decoded(engine, text, [column], bench);
    const first = await transformers.generate(text, 1, beams);
    const all = await transformers.generate(text, NEW_TOKENS, beams);
    requireSameIds(own.columns[0]?.generations[0]?.tokens.map(({ id }) => id) ?? [], all.ids);
    pairs.push([rateOf(own), (NEW_TOKENS - 1) / (all.seconds - first.seconds)]);
  }
  return mediansOf(pairs.slice(WARM_UPS));
}

/** How much longer four sampled settings take together than one. */
async function together(engine: EngineApi, texts: readonly string[], bench: Bench): Promise<Row> {
  const ratios: number[] = [];
  const rates: number[] = [];
  for (const [index, text] of texts.entries()) {
    const four = rateOf(await decoded(engine, text, SAMPLED, bench));
    const one = rateOf(await decoded(engine, text, [SAMPLED[index % SAMPLED.length] as Column], bench));
    rates.push(four);
    ratios.push(one / four);
  }
  const ratio = median(ratios.slice(WARM_UPS));
  return {
    measure: 'four sampled settings together, each; ratio: their time over that of one',
    unit: 'tokens/s',
    ours: median(rates.slice(WARM_UPS)),
    transformers: null,
    ratio,
    goal: 'at most 2 times the time of one',
    met: ratio <= 2,
  };
}

function decoded(engine: EngineApi, prompt: string, columns: readonly Column[], bench: Bench): Promise<Generated> {
  bench.signal.throwIfAborted();
  const settings: DecodingSettings[] = columns.map(column => ({ ...column, maxNewTokens: NEW_TOKENS }));
  return valueOf(engine.generate({ model: bench.model, device: 'cpu', prompt, settings, top: 0 }));
}

/** The slowest column's: all of them step together. */
const rateOf = ({ columns }: Generated): number => Math.min(...columns.map(({ tokensPerSecond }) => tokensPerSecond));

function requireSameIds(ours: readonly number[], theirs: readonly number[]): void {
  if (ours.length === theirs.length && ours.every((id, place) => id === theirs[place])) return;
  throw new Reasoned(
    'bench-differs',
    `The generated ids differ: ${ours.join(' ')} here, ${theirs.join(' ')} by transformers.`,
    'Run the parity tests: times of different computations can’t be compared.',
  );
}

const higherRate = (measure: string, [ours, theirs]: readonly [number, number], goal: number): Row => ({
  measure,
  unit: 'tokens/s',
  ours,
  transformers: theirs,
  ratio: ours / theirs,
  goal: `${goal} times as fast`,
  met: ours / theirs >= goal,
});

const ofLimit = (measure: string, ours: number, limit: number, goal: number): Row => ({
  measure: `${measure} (${limit.toFixed(0)} tokens/s)`,
  unit: 'tokens/s',
  ours,
  transformers: null,
  ratio: ours / limit,
  goal: `at least ${goal} of it`,
  met: ours / limit >= goal,
});
