import { Transient, withRetries } from '../../models/hub/retry.ts';
import type { ChatTurn } from '../../protocol/evaluation/host.ts';
import { CANCELLED, Reasoned } from '../../protocol/result.ts';
import type { Judge } from './judge.ts';
import { holdsForAll } from './refusals.ts';
import { scoreOf } from './score.ts';

/** What came of a question. */
export interface Verdict {
  readonly score: number | null;
  /** What the judge wrote last. */
  readonly answer: string;
  readonly attempts: number;
  readonly problem?: string;
}

export interface AskOptions {
  readonly retries: number;
  readonly signal: AbortSignal;
  /** Of the first wait; each is twice as long as the one before. */
  readonly firstDelayMs?: number;
  readonly onWait?: (waitMs: number, why: Reasoned) => void;
}

const LONGEST_WAIT_MS = 120_000;

/**
 * Asks until there is a score, or `retries` more times. An answer without one is answered: at temperature 0 the same
 * question would bring the same words again.
 * @throws Reasoned `cancelled`, and what holds for every other question too: no connection, no key, no such model.
 */
export async function judged(
  judge: Judge,
  question: string,
  { retries, signal, firstDelayMs = 1000, onWait = () => undefined }: AskOptions,
): Promise<Verdict> {
  let messages: readonly ChatTurn[] = [{ role: 'user', content: question }];
  let answer = '';
  let attempts = 0;
  const policy = { attempts: retries + 1, firstDelayMs, longestWaitMs: LONGEST_WAIT_MS };
  try {
    const score = await withRetries({ policy, signal, onWait }, async () => {
      attempts += 1;
      answer = await judge.ask(messages, signal);
      const found = scoreOf(answer);
      if ('score' in found) return found.score;
      messages = [...messages.slice(0, 1), ...askedAgain(answer)];
      throw new Transient(withoutScore(found.problem), { waitMs: 0 });
    });
    return { score, answer, attempts };
  } catch (error) {
    if (!(error instanceof Reasoned) || error.code === CANCELLED || holdsForAll(error)) throw error;
    return { score: null, answer, attempts, problem: error.message };
  }
}

/** A model that thought aloud, or gave two scores, is held to one number. An empty answer can't be quoted. */
function askedAgain(answer: string): ChatTurn[] {
  if (answer.trim() === '') return [];
  return [
    { role: 'assistant', content: answer },
    { role: 'user', content: 'Give the score alone, as one whole number from 0 to 100, and nothing else.' },
  ];
}

const withoutScore = (problem: string): Reasoned =>
  new Reasoned('judge-no-score', `No score: ${problem}.`, 'Ask more plainly for one number from 0 to 100.');
