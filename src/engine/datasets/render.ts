import type { ViewRow } from '../../data/view.ts';
import type { DatasetRequest, RenderedRow, RenderedSequence } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import { Reasoned } from '../../protocol/result.ts';
import { cutRow } from '../../training/examples/cut.ts';
import { type EncodedRow, type EncodedSequence, scoredTokens } from '../../training/examples/encode.ts';
import { limitsOf } from '../../training/examples/limits.ts';
import { isLeftOut } from '../../training/examples/rowTexts.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type Asked, encodingOf, partsIfAny } from './setting.ts';

/** A row as the model will be given it; one that is left out as it would be, up to the longest that is shown. */
export async function renderRow(
  request: DatasetRequest & { readonly row: number },
  asked: Asked,
  call: Call,
): Promise<RenderedRow> {
  const row = requireRow(asked, request.row);
  const { spec, model, encoder } = await encodingOf(request, asked);
  const limits = limitsOf(spec, model.contextLength);
  const parts = await partsIfAny(asked, call);
  const texts = encoder.texts(row);
  const where = { row: request.row, part: parts?.ofRow(request.row) ?? null };
  if (isLeftOut(texts)) return { ...where, sequences: [], leftOut: texts.leftOut };
  const whole = encoder.encode(texts);
  const cut = cutRow(whole, limits);
  const lost = isLeftOut(cut);
  const shown = lost ? shortened(whole, limits.maxLength) : cut;
  return {
    ...where,
    ...(texts.label !== undefined && { label: texts.label }),
    ...(lost && { leftOut: cut.leftOut }),
    sequences: shown.sequences.map((sequence, index) => ({
      ...rendered(sequence, limits.scored, model.tokenizer),
      cutTokens: (whole.sequences[index]?.ids.length ?? 0) - sequence.ids.length,
    })),
  };
}

function requireRow({ view }: Asked, number: number): ViewRow {
  const row = number >= 0 && Number.isInteger(number) ? view.view.read(number) : undefined;
  if (row) return row;
  throw new Reasoned(
    'row-missing',
    `There is no row ${number}: the steps leave ${view.view.count} rows, counted from 0.`,
    'Choose one of them.',
  );
}

const shortened = (row: EncodedRow, most: number): EncodedRow => ({
  ...row,
  sequences: row.sequences.map(sequence => ({ ...sequence, ids: sequence.ids.slice(0, most) })),
});

function rendered(
  { name, ids, spans }: EncodedSequence,
  how: Parameters<typeof scoredTokens>[1],
  tokenizer: Tokenizer,
): Omit<RenderedSequence, 'cutTokens'> {
  const scored = scoredTokens({ ids, spans }, how);
  const parts = spans.flatMap(({ part, length }) => Array.from({ length }, () => part));
  return {
    ...(name !== undefined && { name }),
    tokens: ids.map((id, at) => ({
      id,
      text: tokenizer.tokenText(id),
      part: parts[at] ?? 'prompt',
      scored: scored[at] === 1,
    })),
  };
}
