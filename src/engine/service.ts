import { readConfig } from '../gpt2/config.ts';
import { findWeights } from '../gpt2/weights.ts';
import { createModels } from '../models/registry.ts';
import type { Call, EngineApi, EngineOptions, ModelChoice, ModelEntry } from '../protocol/engine.ts';
import { ok, Reasoned, reasonOf, type Result } from '../protocol/result.ts';
import { nextTokens } from '../scoring/next.ts';
import { scoreTexts } from '../scoring/score.ts';
import { loadTokenizer } from '../tokenizer/load.ts';
import { type Loaded, LoadedModels } from './loadedModels.ts';

export interface EngineServiceOptions extends EngineOptions {
  readonly log: (line: string) => void;
}

type Work<T> = (subject: Loaded, entry: ModelEntry) => Promise<T>;

export interface EngineService extends EngineApi {
  dispose(): Promise<void>;
}

/** What the engine can do, wherever it runs: in its own process behind rpc.ts, or within the command line. */
export function createEngineService({ log, ...options }: EngineServiceOptions): EngineService {
  const models = createModels(options);
  const loaded = new LoadedModels(options);
  let readingAhead = new AbortController();

  /** Works with the model that is meant, loaded where it should run. */
  const withModel = async <T>({ model, device = 'auto' }: ModelChoice, call: Call, work: Work<T>): Promise<T> => {
    const entry = await models.resolve(model);
    return loaded.use(entry, device, call, subject => work(subject, entry));
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

  const attempt = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    try {
      return ok(await work());
    } catch (error) {
      const detail = detailOf(error);
      if (detail !== undefined) log(detail);
      return { ok: false, error: reasonOf(error) };
    }
  };

  return {
    tokenize: ({ model, text }) =>
      attempt(async () => (await loadTokenizer((await models.resolve(model)).folder)).encode(text)),

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

    listModels: () => attempt(() => models.list()),
    addModel: ({ source, activate, token, endpoint }, call = {}) =>
      attempt(() =>
        models.add(source, {
          ...call,
          ...(token !== undefined && { token }),
          ...(endpoint !== undefined && { endpoint }),
          ...(activate !== undefined && { activate }),
        }),
      ),
    removeModel: ({ id, deleteDownload }) => attempt(() => models.remove(id, { deleteDownload })),
    setActiveModel: ({ id }) => attempt(() => models.setActive(id)),
    modelInfo: ({ model }) =>
      attempt(async () => {
        const info = await models.info(model);
        const { folder } = info.entry;
        const { warnings } = await findWeights(folder, await readConfig(folder), options);
        return { ...info, warnings };
      }),

    dispose: async () => {
      readingAhead.abort();
      await loaded.dispose();
    },
  };
}

/** What the log can tell beyond the reason, which whoever asked is told: where it came from, or what caused it. */
function detailOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof Reasoned)) return error.stack ?? error.message;
  return error.cause instanceof Error ? `${error.code}: ${error.cause.message}` : undefined;
}
