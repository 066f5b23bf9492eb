import type { EngineApi, ModelChoice } from '../protocol/engine.ts';
import { reasonOf } from '../protocol/result.ts';
import { nextTokens } from '../scoring/next.ts';
import { scoreTexts } from '../scoring/score.ts';
import type { Attempt } from './attempts.ts';
import type { WithModel } from './withModel.ts';

interface ScoringMethods extends Pick<EngineApi, 'score' | 'next'> {
  dispose(): void;
}

/** What a model thinks of texts, and of what may come next. */
export function scoringMethods(withModel: WithModel, attempt: Attempt, log: (line: string) => void): ScoringMethods {
  let readingAhead = new AbortController();

  /** Reads on while nobody asks; the next question about a position ends it. */
  const readAhead = async (choice: ModelChoice, window: readonly number[]): Promise<void> => {
    readingAhead.abort(); // of a question that was answered at the same time
    readingAhead = new AbortController();
    const { signal } = readingAhead;
    try {
      await withModel(choice, { signal }, ({ reading }) => reading.read(window, signal));
    } catch (error) {
      if (!signal.aborted) log(`Reading ahead failed: ${reasonOf(error).message}`);
    }
  };

  return {
    score: ({ texts, firstToken, top, ...choice }, call = {}) =>
      attempt(() =>
        withModel(choice, call, async ({ model, tokenizer }) => ({
          device: model.device,
          texts: await scoreTexts(model, tokenizer, texts, { firstToken, top, ...call }),
        })),
      ),

    next: (request, call = {}) =>
      attempt(async () => {
        readingAhead.abort();
        const { next, window } = await withModel(request, call, ({ model, tokenizer, reading }) =>
          nextTokens(model, tokenizer, reading, request, call.signal),
        );
        void readAhead(request, window);
        return next;
      }),

    dispose: () => readingAhead.abort(),
  };
}
