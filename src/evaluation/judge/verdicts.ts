import type { JudgeTask } from '../../protocol/evaluation/request.ts';
import { inOrder } from '../inOrder.ts';
import { judged, type Verdict } from './ask.ts';
import { type JudgeAccess, type JudgeSettings, openJudge } from './judge.ts';

/** A response that is to be judged: what the judge is asked about it. */
export interface ToJudge {
  readonly response: string;
  readonly question: string;
}

/** Nothing was answered, and nobody needs to be asked what that is worth. */
const EMPTY: Verdict = { score: 0, answer: '', attempts: 0, problem: 'The response is empty.' };

/** So often a sign of life is given while judges are thought to think: some take minutes. */
const SIGN_OF_LIFE_MS = 15_000;

/**
 * Judges the responses of each item, several items at once, in the items' order; null now and then while nothing
 * comes. An empty response scores 0.
 * @throws Reasoned `cancelled`, and what holds for every question
 */
export async function* verdicts<Item>(
  task: JudgeTask,
  items: ReadonlyArray<{ readonly item: Item; readonly responses: readonly ToJudge[] }>,
  access: JudgeAccess,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly item: Item; readonly verdicts: readonly Verdict[] } | null> {
  const judge = await openJudge(task.judge, settingsOf(task), access);
  const { retries } = task;
  try {
    const all = inOrder(
      items,
      task.concurrency,
      async ({ item, responses }, signal) => {
        const found: Verdict[] = [];
        for (const { response, question } of responses)
          found.push(response.trim() === '' ? EMPTY : await judged(judge, question, { retries, signal }));
        return { item, verdicts: found };
      },
      signal,
    );
    yield* withSignsOfLife(all);
  } finally {
    await judge.close();
  }
}

/** Throws what a judge is refused for before it is asked anything. */
export async function requireJudge(task: JudgeTask, access: JudgeAccess): Promise<void> {
  await (await openJudge(task.judge, settingsOf(task), access)).close();
}

const settingsOf = ({ temperature, seed, timeoutSeconds }: JudgeTask): JudgeSettings => ({
  temperature,
  seed,
  timeoutSeconds,
});

async function* withSignsOfLife<T>(found: AsyncGenerator<T>): AsyncGenerator<T | null> {
  try {
    for (;;) {
      const next = found.next();
      for (let come = await orNull(next); ; come = await orNull(next)) {
        if (come === null) yield null;
        else if (come.done) return;
        else {
          yield come.value;
          break;
        }
      }
    }
  } finally {
    await found.return(undefined);
  }
}

async function orNull<T>(value: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), SIGN_OF_LIFE_MS);
  });
  try {
    return await Promise.race([value, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
