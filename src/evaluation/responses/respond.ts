import { generateEach } from '../../decoding/generateEach.ts';
import type { GenerateTask } from '../../protocol/evaluation/request.ts';
import type { DecodingSettings, Generation } from '../../protocol/generation.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { HeldModel } from '../task.ts';
import type { AskedRow } from './prompts.ts';

/** What a model answered to a row, or why it could not. */
export type Responded = { readonly asked: AskedRow } & (
  | { readonly generation: Generation }
  | { readonly leftOut: string }
);

const SEED = 123;

/**
 * Answers rows side by side, each told as it is whole. A row's random numbers depend on its own number, so that it is
 * answered alike whatever stands beside it: row 5 as `generate` answers its prompt with the seed plus 5.
 */
export async function* respond(
  { model, tokenizer }: Pick<HeldModel, 'model' | 'tokenizer'>,
  rows: readonly AskedRow[],
  { decoding }: Pick<GenerateTask, 'decoding'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Responded> {
  const prompts = rows.map(({ row, prompt }) => ({ prompt, settings: ofRow(decoding, row.row) }));
  for await (const answered of generateEach(model, tokenizer, prompts, { signal })) {
    const asked = rows[answered.index] as AskedRow;
    if ('generation' in answered) yield { asked, generation: answered.generation };
    else yield { asked, leftOut: answered.refused.message };
  }
}

function ofRow(decoding: DecodingSettings, row: number): DecodingSettings {
  if (decoding.decoding !== 'sample') return decoding;
  return { ...decoding, seed: ((decoding.seed ?? SEED) + row) % 2 ** 32 };
}

/** Throws `responses-several`: a row has one response. */
export function requireOneResponse({ decoding }: Pick<GenerateTask, 'decoding'>): void {
  const count = decoding.decoding === 'sample' ? decoding.count : decoding.decoding === 'beam' ? decoding.returned : 1;
  if (count === undefined || count === 1) return;
  throw new Reasoned(
    'responses-several',
    `The decoding gives ${count} texts for a prompt, and a row has one response.`,
    'Leave out generate.decoding.count and generate.decoding.returned.',
  );
}
