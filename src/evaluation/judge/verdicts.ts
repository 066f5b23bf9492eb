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

/**
 * Judges the responses of each item, several items at once, in the items' order. An empty response scores 0.
 * @throws Reasoned `cancelled`, and what holds for every question
 */
export async function* verdicts<Item>(
  task: JudgeTask,
  items: ReadonlyArray<{ readonly item: Item; readonly responses: readonly ToJudge[] }>,
  access: JudgeAccess,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly item: Item; readonly verdicts: readonly Verdict[] }> {
  const judge = await openJudge(task.judge, settingsOf(task), access);
  const { retries } = task;
  try {
    yield* inOrder(
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
