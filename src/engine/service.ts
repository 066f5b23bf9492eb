import { answerChat, showChat } from '../chat/answer.ts';
import { generate } from '../decoding/generate.ts';
import { createModels } from '../models/registry.ts';
import type { Call, EngineApi, EngineOptions, ModelChoice, ModelEntry } from '../protocol/engine.ts';
import type { HostApi } from '../protocol/evaluation/host.ts';
import { reasonOf } from '../protocol/result.ts';
import { nextTokens } from '../scoring/next.ts';
import { scoreTexts } from '../scoring/score.ts';
import { attempts } from './attempts.ts';
import { classifierMethods } from './classifierMethods.ts';
import { datasetMethods } from './datasetMethods.ts';
import { KeptDatasets } from './datasets/kept.ts';
import { evaluationMethods } from './evaluationMethods.ts';
import { exportMethods } from './exportMethods.ts';
import { type Loaded, LoadedModels } from './loadedModels.ts';
import { modelMethods } from './modelMethods.ts';
import { Tokenizers } from './tokenizers.ts';

export interface EngineServiceOptions extends EngineOptions {
  readonly log: (line: string) => void;
  /** Absent behind the command line. */
  readonly host?: HostApi;
}

type Work<T> = (subject: Loaded, entry: ModelEntry) => Promise<T>;

export interface EngineService extends EngineApi {
  dispose(): Promise<void>;
}

/** What the engine can do, wherever it runs: in its own process behind rpc.ts, or within the command line. */
export function createEngineService({ log, host, ...options }: EngineServiceOptions): EngineService {
  const models = createModels(options);
  const tokenizers = new Tokenizers();
  const datasets = new KeptDatasets();
  const loaded = new LoadedModels(tokenizers, options);
  let readingAhead = new AbortController();

  /** Works with the model that is meant, loaded where it should run. */
  const withModel = async <T>({ model, device = 'auto', precision }: ModelChoice, call: Call, work: Work<T>) => {
    const entry = await models.resolve(model);
    const placing = { device, precision: precision ?? entry.precision ?? 'f32' };
    return loaded.use(entry, placing, call, subject => work(subject, entry));
  };

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

  const attempt = attempts(log);

  return {
    tokenize: ({ model, text }) =>
      attempt(async () => (await tokenizers.of((await models.resolve(model)).folder)).encode(text)),

    load: (choice, call = {}) =>
      attempt(() =>
        withModel(choice, call, async ({ model, warnings }, entry) => ({ entry, device: model.device, warnings })),
      ),

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

    generate: (request, { onUpdate, ...call } = {}) =>
      attempt(() =>
        withModel(request, call, ({ model, tokenizer }) =>
          streamed(generate(model, tokenizer, request, call), onUpdate),
        ),
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

    ...modelMethods(models, attempt, options),
    ...datasetMethods({ datasets, models, tokenizers }, attempt),
    ...exportMethods(models, attempt, options),
    ...classifierMethods(withModel, attempt),
    ...evaluationMethods(withModel, { datasets, models, tokenizers }, attempt, host),

    dispose: async () => {
      readingAhead.abort();
      datasets.dispose();
      await loaded.dispose();
    },
  };
}

/** Passes the parts of an answer on as they come; resolves to the whole. */
async function streamed<Update, T>(
  updates: AsyncGenerator<Update, T>,
  onUpdate?: (update: Update) => void,
): Promise<T> {
  let step = await updates.next();
  for (; !step.done; step = await updates.next()) onUpdate?.(step.value);
  return step.value;
}
