import { answerChat, showChat } from '../chat/answer.ts';
import { generate } from '../decoding/generate.ts';
import type { createModels } from '../models/registry.ts';
import type { EngineApi } from '../protocol/engine.ts';
import type { Attempt } from './attempts.ts';
import type { Tokenizers } from './tokenizers.ts';
import type { WithModel } from './withModel.ts';

/** What a model writes: its tokens are told as they come. */
export const writingMethods = (
  withModel: WithModel,
  { models, tokenizers }: { readonly models: ReturnType<typeof createModels>; readonly tokenizers: Tokenizers },
  attempt: Attempt,
): Pick<EngineApi, 'generate' | 'chat'> => ({
  generate: (request, { onUpdate, ...call } = {}) =>
    attempt(() =>
      withModel(request, call, ({ model, tokenizer }) => streamed(generate(model, tokenizer, request, call), onUpdate)),
    ),

  chat: ({ settings, ...request }, { onUpdate, ...call } = {}) =>
    attempt(async () => {
      if (settings === undefined) {
        const { folder, contextLength } = await models.resolve(request.model);
        return showChat(request, { folder, contextLength, tokenizer: await tokenizers.of(folder) });
      }
      return withModel(request, call, ({ model, tokenizer }, { folder }) =>
        streamed(answerChat({ ...request, settings }, { folder, model, tokenizer }, call), onUpdate),
      );
    }),
});

/** Passes the parts of an answer on as they come; resolves to the whole. */
async function streamed<Update, T>(
  updates: AsyncGenerator<Update, T>,
  onUpdate?: (update: Update) => void,
): Promise<T> {
  let step = await updates.next();
  for (; !step.done; step = await updates.next()) onUpdate?.(step.value);
  return step.value;
}
