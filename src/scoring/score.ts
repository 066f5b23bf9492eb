import { KeyValueCache } from '../gpt2/cache.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { OnProgress, ScoredText, ScoreRequest } from '../protocol/engine.ts';
import { progressMeter } from '../protocol/progress.ts';
import { Reasoned } from '../protocol/result.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { alternatives } from './alternatives.ts';
import { hiddenStatesOf, scoresOf } from './evaluate.ts';
import { type Piece, packed, rowsOf } from './runs.ts';
import { type PositionScore, scoredText } from './scoredText.ts';
import { windowsOver } from './windows.ts';

export interface ScoreOptions extends Pick<ScoreRequest, 'firstToken' | 'top'> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Scores each text by itself, as contracts.md section 3 defines it. Long texts go through in windows, short ones side
 * by side; nothing larger than a few figures for each token leaves the model.
 * @throws Reasoned `cancelled`, and `end-of-text-missing` where the tokenizer has no `<|endoftext|>` to start with.
 */
export async function scoreTexts(
  model: Gpt2,
  tokenizer: Tokenizer,
  texts: readonly string[],
  { firstToken, top, signal, onProgress }: ScoreOptions,
): Promise<ScoredText[]> {
  const kept = Math.min(top, model.config.vocabularySize);
  const before = firstToken === 'endoftext' ? [endOfText(tokenizer)] : [];
  const encoded = texts.map(text => tokenizer.encode(text));
  const sequences = encoded.map(tokens => [...before, ...tokens.map(({ id }) => id)]);
  const scores = sequences.map(ids => ids.map((): PositionScore | null => null));
  const pieces = sequences.flatMap((ids, sequence) => piecesOf(ids, sequence, model.config.positions));
  const total = pieces.reduce((sum, { scored, end }) => sum + end - scored, 0);
  const meter = progressMeter({ message: 'Scoring', unit: 'tokens', total }, onProgress);
  const scratch = new KeyValueCache(model.config, longestRun(pieces));
  for (const run of packed(pieces, () => model.sideBySideRows)) {
    const hidden = await hiddenStatesOf(model, run, scratch, signal, () => meter.alive());
    for await (const batch of scoresOf(model, run, hidden, kept, signal)) {
      for (const { sequence, token, topIds, topProbabilities, ...figures } of batch) {
        const ofSequence = scores[sequence] as Array<PositionScore | null>;
        ofSequence[token] = { ...figures, top: alternatives(tokenizer, topIds, topProbabilities) };
      }
      meter.add(batch.length);
    }
  }
  return encoded.map((tokens, i) => {
    const ofText = (scores[i] as Array<PositionScore | null>).slice(before.length);
    const positions = tokens.map((token, at) => ({
      token,
      bytes: tokenizer.byteLength(token.id),
      score: ofText[at] ?? null,
    }));
    return scoredText(texts[i] as string, positions, top > 0);
  });
}

/** Rows of the longest piece: more are never kept. */
export const longestRun = (pieces: readonly Piece[]): number =>
  pieces.reduce((most, piece) => Math.max(most, rowsOf(piece)), 1);

/** A text's windows with their tokens. */
export const piecesOf = (ids: readonly number[], sequence: number, contextLength: number): Piece[] =>
  windowsOver(ids.length, contextLength).map(window => ({
    ...window,
    sequence,
    ids: ids.slice(window.start, window.end),
  }));

function endOfText({ endOfText }: Tokenizer): number {
  if (endOfText !== null) return endOfText;
  throw new Reasoned(
    'end-of-text-missing',
    'This model’s tokenizer has no <|endoftext|> to put before the text.',
    'Score without it: leave the first token unscored.',
  );
}
