import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineService } from '../../src/engine/service.ts';
import type { EngineApi } from '../../src/protocol/engine.ts';
import type { Precision } from '../../src/protocol/precision.ts';
import { valueOf } from '../../src/protocol/result.ts';
import { ROOT } from '../environment.ts';
import { median } from '../measures.ts';
import type { Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';
import { textsOf } from '../texts.ts';

const NEW_TOKENS = 48;
/** Short, so that reading the weights is what takes time; of longer contexts the cache is read as well, in float32. */
const CONTEXTS = [64, 512];
const WARM_UPS = 1;
const REPETITIONS = 6;

const FASTER: ReadonlyArray<readonly [Precision, number | null]> = [
  ['int8', 3],
  ['int4', 4],
  ['f16', null],
];

/** How far perplexity may be from that in f32, of its value. */
const OTHER: ReadonlyArray<readonly [Precision, number]> = [
  ['int8', 0.005],
  ['int4', 0.05],
];

/** Decoding with weights of fewer bits beside float32, by turns, and what that costs on real text. */
export async function precisionSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const starterFolder = path.join(ROOT, 'models', 'starter');
  const engine = createEngineService({ starterFolder, home: scratch, log: () => {} });
  try {
    const rows: Row[] = [];
    for (const context of CONTEXTS) rows.push(...(await decoding(engine, bench, context)));
    const { device } = await valueOf(engine.load({ model: bench.model, device: 'cpu' }));
    const subject = `GPT-2 with 124 million random weights, in float32 and in fewer bits by turns; the starter on real text`;
    return {
      rows: [...rows, ...(await onRealText(engine))],
      threads: device.threads,
      repetitions: REPETITIONS,
      subject,
    };
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function decoding(engine: EngineApi, bench: Bench, context: number): Promise<Row[]> {
  const texts = await textsOf(context - NEW_TOKENS / 2, WARM_UPS + REPETITIONS, bench.model);
  const rows: Row[] = [];
  for (const [precision, goal] of FASTER) {
    const pairs: Array<readonly [number, number]> = [];
    for (const text of texts) {
      bench.signal.throwIfAborted();
      const whole = await rate(engine, bench.model, 'f32', text);
      pairs.push([await rate(engine, bench.model, precision, text), whole]);
    }
    const counted = pairs.slice(WARM_UPS);
    const [ours, whole] = [0, 1].map(side => median(counted.map(pair => pair[side] as number))) as [number, number];
    rows.push({
      measure: `greedy decoding in ${precision} at ${context} tokens of context; f32 makes ${whole.toFixed(0)} tokens/s`,
      unit: 'tokens/s',
      ours,
      transformers: null,
      ratio: ours / whole,
      goal: goal === null ? null : `${goal} times f32`,
      ...(goal !== null && { met: ours / whole >= goal }),
    });
  }
  return rows;
}

async function rate(engine: EngineApi, model: string, precision: Precision, prompt: string): Promise<number> {
  const settings = [{ decoding: 'greedy', maxNewTokens: NEW_TOKENS }] as const;
  const { columns } = await valueOf(engine.generate({ model, device: 'cpu', precision, prompt, settings, top: 0 }));
  return columns[0]?.tokensPerSecond ?? 0;
}

/** The starter, which has learnt to write, on the sentences of the samples. */
async function onRealText(engine: EngineApi): Promise<Row[]> {
  const text = await readFile(path.join(ROOT, 'samples', 'instruction-data.json'), 'utf8');
  const outputs = (JSON.parse(text) as ReadonlyArray<{ readonly output: string }>).map(({ output }) => output);
  const perplexity = async (precision: Precision): Promise<number> => {
    const request = { model: 'starter', device: 'cpu', precision, firstToken: 'endoftext', top: 0 } as const;
    const { texts } = await valueOf(engine.score({ ...request, texts: outputs }));
    const [nats, tokens] = texts.reduce(
      ([sum, count], { negativeLogLikelihood, scoredTokens }) => [sum + negativeLogLikelihood, count + scoredTokens],
      [0, 0] as [number, number],
    );
    return Math.exp(nats / tokens);
  };
  const whole = await perplexity('f32');
  const rows: Row[] = [];
  for (const [precision, most] of OTHER) {
    const found = await perplexity(precision);
    rows.push({
      measure: `perplexity of the starter on the answers of the instruction sample in ${precision}; f32 has ${whole.toFixed(2)}`,
      unit: 'perplexity',
      ours: found,
      transformers: null,
      ratio: found / whole,
      goal: `within ${(100 * most).toFixed(1)} %`,
      met: Math.abs(found / whole - 1) <= most,
    });
  }
  return rows;
}
