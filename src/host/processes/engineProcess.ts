import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { EngineApi, OnProgress, StreamingCall } from '../../protocol/engine.ts';
import { cancelled, reasonOf, type Result, throwIfAborted } from '../../protocol/result.ts';
import { unlessAborted } from '../../protocol/unlessAborted.ts';
import { Disposable } from '../disposable.ts';
import type { EngineChild, EngineLaunch } from './engineChild.ts';
import { Watchdog } from './watchdog.ts';

/**
 * Seconds without an answer or progress after which the engine counts as hung. Those that may have to load a model
 * are longer: the largest GPT-2 is 6 GB.
 */
const DEADLINE_SECONDS: Record<keyof EngineApi, number> = {
  tokenize: 120,
  score: 300,
  next: 300,
  generate: 300,
  chat: 300,
  classify: 300,
  evaluate: 300,
  previewPrompt: 120,
  evaluateRows: 300,
  embed: 300,
  embedRows: 300,
  exportModel: 300,
  load: 300,
  placement: 300,
  listModels: 60,
  addModel: 300,
  removeModel: 60,
  setActiveModel: 60,
  setPrecision: 60,
  modelInfo: 120,
  openDataset: 300,
  datasetRows: 300,
  describeDataset: 300,
  renderDatasetRow: 300,
  datasetBatch: 300,
  datasetPrompts: 300,
  exportDataset: 300,
  getDataset: 300,
};

/** How long to wait before the start that follows so many deaths without an answer in between. */
const BACK_OFF_SECONDS = [0, 0, 1, 2, 4, 8, 16, 30];

export type EngineState = 'stopped' | 'starting' | 'idle' | 'busy';

export interface EngineProcessOptions {
  /** Read at each start, so that changed settings hold from then on. */
  readonly launch: () => EngineLaunch;
  /** Minutes without a request after which the process ends, and its memory is free; 0: never. */
  readonly idleMinutes: () => number;
  readonly log: (line: string) => void;
  readonly deadlineSeconds?: Partial<Record<keyof EngineApi, number>>;
}

/**
 * The engine as its users see it: always there. The process behind it starts with the first request, ends when it has
 * been idle, is killed when it hangs, and starts again, ever later, when it has died.
 */
export class EngineProcess extends Disposable {
  readonly api: EngineApi;
  readonly events = new EventEmitter<{ state: [EngineState] }>();
  readonly #options: EngineProcessOptions;
  readonly #watchdog = new Watchdog((name, seconds) => this.#kill(`as it had not answered “${name}” for ${seconds} s`));
  #child: EngineChild | undefined;
  #starting: Promise<EngineChild> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #pending = 0;
  #deaths = 0;
  #disposed = false;

  constructor(options: EngineProcessOptions) {
    super();
    this.#options = options;
    const names = Object.keys(DEADLINE_SECONDS) as (keyof EngineApi)[];
    const call = (name: keyof EngineApi) => (request: unknown, call?: StreamingCall<unknown>) =>
      this.#request(name, request, call);
    this.api = Object.fromEntries(names.map(name => [name, call(name)])) as unknown as EngineApi;
  }

  get state(): EngineState {
    if (this.#starting) return 'starting';
    if (!this.#child) return 'stopped';
    return this.#pending > 0 ? 'busy' : 'idle';
  }

  get processId(): number | undefined {
    return this.#child?.processId;
  }

  /** Ends the process, and with it what is pending; the next request starts another one. */
  async stop(why: string): Promise<void> {
    this.#deaths = 0;
    const child = this.#child;
    this.#child = undefined;
    await child?.stop(why);
    this.#changed();
  }

  override dispose(): void {
    this.#disposed = true;
    void this.stop('as the window closed');
    clearTimeout(this.#idle);
    this.events.removeAllListeners();
    super.dispose();
  }

  async #request(name: keyof EngineApi, request: unknown, call: StreamingCall<unknown> = {}): Promise<Result<unknown>> {
    this.#begin();
    try {
      // An aborted call is over for its caller at once.
      const answer = unlessAborted(this.#answer(name, request, call), call.signal);
      const result = await answer.catch((error: unknown) => failed(error));
      if (result.ok) this.#deaths = 0;
      return result;
    } finally {
      this.#end();
    }
  }

  async #answer(
    name: keyof EngineApi,
    request: unknown,
    { signal, onProgress, onUpdate }: StreamingCall<unknown>,
  ): Promise<Result<unknown>> {
    const child = await this.#ready();
    throwIfAborted(signal);
    const method = child.api[name] as (request: unknown, call: StreamingCall<unknown>) => Promise<Result<unknown>>;
    const alive: OnProgress = progress => {
      this.#watchdog.alive();
      onProgress?.(progress);
    };
    const unwatch = this.#watchdog.watch(name, this.#options.deadlineSeconds?.[name] ?? DEADLINE_SECONDS[name]);
    return method(request, {
      onProgress: alive,
      ...(onUpdate && { onUpdate }),
      ...(signal && { signal }),
    }).finally(unwatch);
  }

  #ready(): Promise<EngineChild> {
    if (this.#child) return Promise.resolve(this.#child);
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
      this.#changed();
    });
    this.#changed();
    return this.#starting;
  }

  async #start(): Promise<EngineChild> {
    // Loaded here and not with the extension: activation stays short, and most windows never need it.
    const { startEngine } = await import('./engineChild.ts');
    await delay(1000 * (BACK_OFF_SECONDS[this.#deaths] ?? BACK_OFF_SECONDS.at(-1) ?? 0));
    if (this.#disposed) throw cancelled();
    const child = startEngine(this.#options.launch());
    this.#options.log(`engine started, process ${child.processId}`);
    void child.exit.then(how => {
      this.#options.log(`engine, process ${child.processId}, stopped ${how}`);
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#deaths++;
      this.#changed();
    });
    this.#child = child;
    return child;
  }

  #kill(why: string): void {
    this.#deaths++;
    const child = this.#child;
    this.#child = undefined; // whoever asks while it dies gets another one
    void child?.stop(why);
    this.#changed();
  }

  #begin(): void {
    clearTimeout(this.#idle);
    this.#pending++;
    this.#changed();
  }

  #end(): void {
    this.#pending--;
    this.#changed();
    const minutes = this.#options.idleMinutes();
    if (this.#pending > 0 || minutes <= 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.stop(`after ${minutes} min without a request`), minutes * 60_000);
    this.#idle.unref();
  }

  #changed(): void {
    this.events.emit('state', this.state);
  }
}

const failed = (error: unknown): Result<never> => ({ ok: false, error: reasonOf(error) });
