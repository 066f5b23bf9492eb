import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngineService } from '../../src/engine/service.ts';
import type { EngineApi } from '../../src/protocol/engine.ts';
import { Reasoned, valueOf } from '../../src/protocol/result.ts';
import { ROOT } from '../environment.ts';
import { freshCommandLine } from '../freshCommandLine.ts';
import { faster, mediansOf } from '../measures.ts';
import type { Row } from '../report.ts';
import type { Bench, Measured } from '../run.ts';
import { textsOf } from '../texts.ts';
import { Transformers } from '../transformers.ts';

const TOKENS = 512;
const WARM_UPS = 2;
const SCORINGS = 9;
const HOVERS = 25;
const LOADS = 5;
const TOP = 10;

/** Scoring, warm hovering, loading and memory, each as a row with its goal. */
export async function scoreSuite(bench: Bench): Promise<Measured> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-bench-'));
  const engine = createEngineService({
    starterFolder: path.join(ROOT, 'models', 'starter'),
    home: scratch,
    log: () => {},
  });
  try {
    const texts = await textsOf(TOKENS, WARM_UPS + SCORINGS, bench.model);
    const { device } = await valueOf(engine.load({ model: bench.model, device: 'cpu' }));
    using transformers = new Transformers(bench.python, bench.model, device.threads);
    const rows = [
      await scoring(engine, transformers, texts, bench),
      await hovering(engine, transformers, texts[0] as string, bench),
      ...(await loading(texts[0] as string, scratch, device.threads, bench)),
    ];
    return { rows, threads: device.threads, repetitions: LOADS };
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A text each time, so that nothing the engine remembers of an earlier one helps it. */
async function scoring(
  engine: EngineApi,
  transformers: Transformers,
  texts: readonly string[],
  bench: Bench,
): Promise<Row> {
  const pairs: Array<[ours: number, theirs: number]> = [];
  for (const text of texts) {
    bench.signal.throwIfAborted();
    const start = performance.now();
    const request = { model: bench.model, device: 'cpu', texts: [text], firstToken: 'unscored', top: TOP } as const;
    const { texts: scored } = await valueOf(engine.score(request, { signal: bench.signal }));
    const seconds = (performance.now() - start) / 1000;
    const theirs = await transformers.score(text);
    requireSameFigures(scored[0]?.perplexity ?? Number.NaN, theirs.perplexity);
    pairs.push([seconds, theirs.seconds]);
  }
  const [ours, theirs] = mediansOf(pairs.slice(WARM_UPS));
  const measure = `score ${TOKENS} tokens: probability, rank, entropy, top ${TOP}`;
  return faster(measure, 's', ours, theirs, 2);
}

/** Hovers at many places of a text that has been seen, beside a forward pass of the same length. */
async function hovering(engine: EngineApi, transformers: Transformers, text: string, bench: Bench): Promise<Row> {
  const hover = async (offset: number): Promise<number> => {
    const start = performance.now();
    const request = { model: bench.model, device: 'cpu', text, offset, top: TOP } as const;
    await valueOf(engine.next(request, { signal: bench.signal }));
    return performance.now() - start;
  };
  await hover(text.length);
  await transformers.forward(text);
  const pairs: Array<[ours: number, theirs: number]> = [];
  for (let n = 0; n < HOVERS; n++) {
    bench.signal.throwIfAborted();
    // Steps by a share that is no simple fraction, so that the places are spread and none comes twice.
    const offset = Math.floor(((n * 0.618) % 1) * text.length);
    const ours = await hover(offset);
    pairs.push([ours, n % 3 === 0 ? (await transformers.forward(text)).seconds * 1000 : Number.NaN]);
  }
  const [ours, theirs] = mediansOf(pairs);
  return faster(`warm hover in a ${TOKENS}-token context, beside a forward pass`, 'ms', ours, theirs, 15);
}

/** Fresh processes, from their start to the scores of a first text. */
async function loading(text: string, scratch: string, threads: number, bench: Bench): Promise<Row[]> {
  const file = path.join(scratch, 'text.txt');
  await writeFile(file, text);
  const pairs: Array<[ours: number, theirs: number]> = [];
  const peaks: Array<[ours: number, theirs: number]> = [];
  for (let n = 0; n < LOADS; n++) {
    bench.signal.throwIfAborted();
    const ours = await freshCommandLine(bench, ['score', '--model', bench.model, '--file', file, '--top', `${TOP}`]);
    const start = performance.now();
    using transformers = new Transformers(bench.python, bench.model, threads);
    const { peakBytes } = await transformers.score(await readFile(file, 'utf8'));
    pairs.push([ours.seconds, (performance.now() - start) / 1000]);
    peaks.push([ours.peakBytes, peakBytes]);
  }
  const [ours, theirs] = mediansOf(pairs);
  const [peak, theirPeak] = mediansOf(peaks);
  const weightBytes = (await stat(path.join(bench.model, 'model.safetensors'))).size;
  const allowed = 1.3 * weightBytes + 300e6;
  return [
    faster('from a fresh process to the first scores', 's', ours, theirs, 1),
    {
      measure: `peak memory of that process (weights ${(weightBytes / 1e6).toFixed(0)} MB)`,
      unit: 'MB',
      ours: peak / 1e6,
      transformers: theirPeak / 1e6,
      ratio: peak / allowed,
      goal: `under 1.3 x weights + 300 MB = ${(allowed / 1e6).toFixed(0)} MB`,
      met: peak < allowed,
    },
  ];
}

function requireSameFigures(ours: number, theirs: number): void {
  if (!(Math.abs(ours - theirs) / theirs < 1e-3))
    throw new Reasoned(
      'bench-differs',
      `The perplexities differ: ${ours} here, ${theirs} by transformers.`,
      'Run the parity tests: times of different computations can’t be compared.',
    );
}
