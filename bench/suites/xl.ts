import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineService } from '../../src/engine/service.ts';
import type { EngineApi } from '../../src/protocol/engine.ts';
import { Reasoned, valueOf } from '../../src/protocol/result.ts';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { freshCommandLine } from '../freshCommandLine.ts';
import { largeModel, NODE_LLAMA_CPP, nodeLlamaCpp, q4Model, ROOT } from '../environment.ts';
import { Llama } from '../llama.ts';
import { mediansOf } from '../measures.ts';
import type { Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';
import { textsOf } from '../texts.ts';

const NEW_TOKENS = 48;
/** Tokens in the middle of what is made: short, so that reading the weights is what takes time. */
const CONTEXT = 64;
const WARM_UPS = 1;
const REPETITIONS = 6;
/**
 * Texts of which both sides must make a token in common. Numbers that are rounded in two ways may go different ways, but by
 * chance it would hardly happen once among 50,257 tokens.
 */
const AGREEING = 3;
/** Of the machine that the larger models are to be usable on. */
const MEMORY_BYTES = 16e9;

/**
 * gpt2-xl in int4 beside llama.cpp in Q4_0, by turns: both keep 4 bits a weight and half a bit for its part of a scale, in
 * all matrices, the embedding and the head among them. And what memory the larger models take until they run so.
 */
export async function xlSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const starterFolder = path.join(ROOT, 'models', 'starter');
  const engine = createEngineService({ starterFolder, home: scratch, log: () => {} });
  try {
    const memory: Row[] = [];
    for (const size of ['large', 'xl'] as const) memory.push(...(await memoryOf(size, scratch, bench)));
    const { device } = await valueOf(engine.load({ model: bench.model, device: 'cpu', precision: 'int4' }));
    const xl = await largeModel(bench.python, 'xl', bench.signal);
    const rows = [
      await decoding('gpt2-xl', xl, { engine, bench, threads: device.threads, goal: 0.9 }),
      await decoding('GPT-2 124M', bench.model, { engine, bench, threads: device.threads, goal: null }),
    ];
    return {
      rows: [...rows, ...memory],
      threads: device.threads,
      repetitions: REPETITIONS,
      peer: 'llama.cpp',
      subject: `GPT-2 with random weights in int4, beside llama.cpp (node-llama-cpp ${NODE_LLAMA_CPP}) in Q4_0, the head in Q4_0 too`,
    };
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Contest {
  readonly engine: EngineApi;
  readonly bench: Bench;
  readonly threads: number;
  /** The least share of llama.cpp's rate. */
  readonly goal: number | null;
}

async function decoding(name: string, model: string, { engine, bench, threads, goal }: Contest): Promise<Row> {
  const file = await q4Model(bench.python, model, bench.signal);
  const texts = await textsOf(CONTEXT - NEW_TOKENS / 2, WARM_UPS + REPETITIONS, model);
  const tokenizer = await loadTokenizer(model);
  using llama = new Llama(await nodeLlamaCpp(bench.signal), file, threads);
  const pairs: Array<[ours: number, theirs: number]> = [];
  let agreeing = 0;
  for (const text of texts) {
    bench.signal.throwIfAborted();
    const own = await decoded(engine, model, text);
    const theirs = await llama.decode({ ids: tokenizer.ids(text), newTokens: NEW_TOKENS });
    if (own.ids.length === theirs.ids.length && own.ids.some(id => theirs.ids.includes(id))) agreeing += 1;
    pairs.push([own.tokensPerSecond, theirs.tokensPerSecond]);
  }
  if (agreeing < AGREEING) throw differs(name, agreeing);
  const [ours, theirs] = mediansOf(pairs.slice(WARM_UPS));
  return {
    measure: `greedy decoding of ${name} at ${CONTEXT} tokens of context`,
    unit: 'tokens/s',
    ours,
    transformers: theirs,
    ratio: ours / theirs,
    goal: goal === null ? null : `at least ${goal} of llama.cpp’s`,
    ...(goal !== null && { met: ours / theirs >= goal }),
  };
}

/** Timed as llama.cpp’s side is, from the first token on. */
async function decoded(engine: EngineApi, model: string, prompt: string) {
  const settings = [{ decoding: 'greedy', maxNewTokens: NEW_TOKENS }] as const;
  const times: number[] = [];
  const onUpdate = ({ kind }: { kind: string }) => kind === 'token' && times.push(performance.now());
  const request = { model, device: 'cpu', precision: 'int4', prompt, settings, top: 0 } as const;
  const { columns } = await valueOf(engine.generate(request, { onUpdate }));
  const seconds = ((times.at(-1) as number) - (times[0] as number)) / 1000;
  const ids = columns[0]?.generations[0]?.tokens.map(({ id }) => id) ?? [];
  return { ids, tokensPerSecond: (ids.length - 1) / seconds };
}

const differs = (name: string, agreeing: number): Reasoned =>
  new Reasoned(
    'bench-differs',
    `Of ${agreeing} texts only does ${name} make as many tokens here and by llama.cpp, and any of them the same.`,
    'Look at bench/python/gguf_model.py: times of different computations can’t be compared.',
  );

/** Of the first use, which writes the weights in int4, and of a later one. */
async function memoryOf(size: 'large' | 'xl', scratch: string, bench: Bench): Promise<Row[]> {
  const model = await largeModel(bench.python, size, bench.signal);
  const { size: weightBytes } = await stat(path.join(model, 'model.safetensors'));
  const use = ['generate', '--prompt', 'The', '--max-new-tokens', `${NEW_TOKENS}`, '--precision', 'int4'];
  const rows: Row[] = [];
  for (const doing of ['the first use, which writes the weights in int4', 'decoding in int4 from then on']) {
    const { peakBytes, seconds } = await freshCommandLine(bench, [...use, '--model', model], { LM_LAB_HOME: scratch });
    rows.push({
      measure: `peak memory of gpt2-${size} (${(weightBytes / 1e9).toFixed(1)} GB in float16): ${doing}; ${seconds.toFixed(0)} s with ${NEW_TOKENS} tokens`,
      unit: 'MB',
      ours: peakBytes / 1e6,
      transformers: null,
      ratio: peakBytes / MEMORY_BYTES,
      goal: `under ${MEMORY_BYTES / 1e9} GB`,
      met: peakBytes < MEMORY_BYTES,
    });
  }
  return rows;
}
