import type { Gpt2 } from '../gpt2/model.ts';
import type { NextRequest, NextTokens, Token } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { alternatives } from './alternatives.ts';
import { contextOf } from './context.ts';
import type { Reading } from './reading.ts';

export interface NextAnswer {
  readonly next: NextTokens;
  /** All tokens of the window the position is in: reading them ahead makes the next question about it cheap. */
  readonly window: readonly number[];
}

/** The likeliest tokens at a position, and the probability and rank of the one that stands there. */
export async function nextTokens(
  model: Gpt2,
  tokenizer: Tokenizer,
  reading: Reading,
  request: Pick<NextRequest, 'text' | 'offset' | 'top' | 'contextLength'>,
  signal?: AbortSignal,
): Promise<NextAnswer> {
  const { positions } = model.config;
  const longest = Math.min(request.contextLength ?? positions, positions);
  const { tokens, position, actual, following } = contextOf(request, text => tokenizer.encode(text), longest);
  const context = tokens.length > 0 ? tokens : [textStart(tokenizer)];
  const ids = context.map(({ id }) => id);
  const hidden = await reading.read(ids, signal);
  const top = Math.max(1, Math.min(request.top, model.config.vocabularySize));
  const said = await model.statistics(hidden, [actual?.id ?? 0], top);
  const likeliest = alternatives(tokenizer, said.topIds, said.topProbabilities);
  const next: NextTokens = {
    device: model.device,
    context: { tokens: context.map(({ id, text, raw }) => ({ id, text, raw })) },
    position,
    predictions: likeliest.slice(0, request.top).map((alternative, index) => ({ ...alternative, rank: index + 1 })),
    actual: actual && {
      id: actual.id,
      text: actual.text,
      start: actual.start,
      end: actual.end,
      probability: Math.exp(said.logProbabilities[0] as number),
      rank: said.ranks[0] as number,
    },
  };
  return { next, window: tokens.length > 0 ? [...ids, ...following.map(({ id }) => id)] : ids };
}

/** What stands for an empty context: the token that separated texts when GPT-2 was trained. */
function textStart(tokenizer: Tokenizer): Pick<Token, 'id' | 'text' | 'raw'> {
  const id = tokenizer.endOfText;
  if (id !== null) return { id, text: tokenizer.tokenText(id), raw: tokenizer.raw(id) };
  throw new Reasoned(
    'context-empty',
    'There is no text before this position, and this model has no <|endoftext|> to stand for its start.',
    'Ask after some text.',
  );
}
