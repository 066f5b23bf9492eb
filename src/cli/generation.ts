import type { Generation, GenerationUpdate } from '../protocol/generation.ts';
import { figure } from './output.ts';

/** Writes what is made while it is made, for whoever watches. */
export function showText(update: GenerationUpdate): void {
  if (update.kind !== 'beams') process.stderr.write(update.text);
}

/** The text, unless it is there already, and its figures. */
export function describeGeneration(
  { text, finishReason, tokens, logProbability, score }: Generation,
  textIsThere: boolean,
): string {
  const perToken = figure(logProbability / tokens.length);
  const figures = [`ended by ${finishReason}`, `${tokens.length} tokens`, `log-probability ${perToken} a token`];
  if (score !== undefined) figures.push(`score ${figure(score, 4)}`);
  return [...(textIsThere ? [] : [text]), `(${figures.join(', ')})`].join('\n');
}
