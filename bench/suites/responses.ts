import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EngineApi } from '../../src/protocol/engine.ts';
import type { ResponseRow } from '../../src/protocol/evaluation/folder.ts';
import { Reasoned, valueOf } from '../../src/protocol/result.ts';
import { ROOT } from '../environment.ts';
import { comparison, mediansOf } from '../measures.ts';
import type { Row } from '../report.ts';
import type { Bench } from '../run.ts';
import type { Transformers } from '../transformers.ts';

const PROMPTS = 16;
const NEW_TOKENS = 32;
const WARM_UPS = 1;
const TURNS = 4;
/** Of a batch: a nearly equal logit may fall the other way in a padded one, and all that follows with it. */
const SAME = 0.75;

/** Responses to many prompts of different lengths, the whole evaluation here, beside one padded batch of transformers. */
export async function responses(
  engine: EngineApi,
  transformers: Transformers,
  scratch: string,
  { model, signal }: Bench,
): Promise<Row> {
  const rates: Array<[ours: number, theirs: number]> = [];
  for (const [turn, prompts] of (await turnsOfPrompts()).entries()) {
    signal.throwIfAborted();
    const file = path.join(scratch, `prompts-${turn}.json`);
    await writeFile(file, JSON.stringify(prompts.map(prompt => ({ prompt }))));
    const decoding = { decoding: 'greedy', maxNewTokens: NEW_TOKENS } as const;
    const request = {
      task: 'generate',
      models: [model],
      dataset: { file },
      device: 'cpu',
      generate: { decoding },
    } as const;
    const start = performance.now();
    const { rows } = await valueOf(engine.evaluateRows(request, { signal }));
    const own = rows as readonly ResponseRow[];
    const made = own.reduce((sum, { tokens }) => sum + tokens, 0);
    const seconds = (performance.now() - start) / 1000;
    const theirs = await transformers.respond(prompts, NEW_TOKENS);
    requireSame(own, theirs.texts);
    rates.push([made / seconds, (PROMPTS * NEW_TOKENS) / theirs.seconds]);
  }
  const [ours, theirs] = mediansOf(rates.slice(WARM_UPS));
  const measure = `responses to ${PROMPTS} prompts, ${NEW_TOKENS} tokens each; transformers: one batch, padded on the left`;
  return { ...comparison(measure, 'tokens/s', ours, theirs, ours / theirs, 1), goal: 'as fast' };
}

/** Sentences of a review each, of different lengths; others in each turn. */
async function turnsOfPrompts(): Promise<string[][]> {
  const text = await readFile(path.join(ROOT, 'samples', 'SST-2', 'dev.tsv'), 'utf8');
  const sentences = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => line.split('\t')[0] as string);
  return Array.from({ length: WARM_UPS + TURNS }, (_, turn) => sentences.slice(turn * PROMPTS, (turn + 1) * PROMPTS));
}

/** A response that has ended is the beginning of what goes on there. */
function requireSame(rows: readonly ResponseRow[], theirs: readonly string[]): void {
  const same = rows.filter(({ response }, at) => theirs[at]?.startsWith(response)).length;
  if (same >= SAME * PROMPTS) return;
  throw new Reasoned(
    'bench-differs',
    `Only ${same} of ${PROMPTS} responses are what transformers writes.`,
    'Run the parity tests: times of different computations can’t be compared.',
  );
}
