import * as vscode from 'vscode';
import type { Call, DeviceReport, EngineApi, ModelChoice, ModelEntry, Progress } from '../../protocol/engine.ts';
import type { Precision } from '../../protocol/precision.ts';
import { err, ok, type Reason, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { settings } from '../settings.ts';

/** A model that is on its way. */
export interface Download {
  /** `owner/name[@revision][:subfolder]`. */
  readonly source: string;
  readonly progress: Progress | null;
  cancel(): void;
}

const LAST_ACTIVE = 'lmLab.lastActiveModel';

/**
 * The models list as the engine last gave it, the downloads under way, and where the active model runs. Asks the
 * engine for nothing until somebody looks.
 */
export class Models extends Disposable {
  readonly #changed = this._register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #engine: EngineApi;
  readonly #memory: vscode.Memento;
  readonly #downloads = new Map<string, Download>();
  #entries: readonly ModelEntry[] | undefined;
  #problem: Reason | undefined;
  #device: DeviceReport | undefined;

  constructor(engine: EngineApi, memory: vscode.Memento) {
    super();
    this.#engine = engine;
    this.#memory = memory;
  }

  /** Undefined until the engine was asked. */
  get entries(): readonly ModelEntry[] | undefined {
    return this.#entries;
  }

  get active(): ModelEntry | undefined {
    return this.#entries?.find(entry => entry.active);
  }

  /** Of the active model, known or remembered from the last window. */
  get activeId(): string {
    return this.active?.id ?? this.#memory.get(LAST_ACTIVE, 'starter');
  }

  /** Why the list could not be had. */
  get problem(): Reason | undefined {
    return this.#problem;
  }

  get downloads(): readonly Download[] {
    return [...this.#downloads.values()];
  }

  /** Where the active model ran last; undefined until it ran. */
  get device(): DeviceReport | undefined {
    return this.#device;
  }

  ranOn(device: DeviceReport | undefined): void {
    if (JSON.stringify(device) === JSON.stringify(this.#device)) return;
    this.#device = device;
    this.#changed.fire();
  }

  async refresh(): Promise<Result<readonly ModelEntry[]>> {
    const listed = await this.#engine.listModels({});
    this.#problem = listed.ok ? undefined : listed.error;
    if (listed.ok) this.#take(listed.value);
    this.#changed.fire();
    return listed;
  }

  async list(): Promise<Result<readonly ModelEntry[]>> {
    return this.#entries ? ok(this.#entries) : this.refresh();
  }

  /** What a request that runs a model names; absent: the active one. Without trust, nothing inside the workspace runs. */
  async choice(id?: string): Promise<Result<ModelChoice>> {
    const listed = await this.list();
    if (!listed.ok) return listed;
    const entry = listed.value.find(one => (id === undefined ? one.active : one.id === id));
    const refused = entry && this.refusedWithoutTrust(entry.folder);
    return refused ?? ok({ model: entry?.id ?? id ?? 'active', device: settings().device });
  }

  /** A refusal, where the folder is in a workspace that is not trusted. */
  refusedWithoutTrust(folder: string): Result<never> | undefined {
    if (vscode.workspace.isTrusted || !vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder))) return undefined;
    return err(
      'workspace-untrusted',
      `The model folder ${folder} is in this workspace, which is not trusted.`,
      'Trust the workspace if you know where its files are from, or choose a model outside of it.',
    );
  }

  async use(id: string): Promise<Result<ModelEntry>> {
    const used = await this.#engine.setActiveModel({ id });
    if (used.ok) this.#device = undefined;
    await this.refresh();
    return used;
  }

  /** What a model is loaded in from then on. */
  async setPrecision(id: string, precision: Precision): Promise<Result<ModelEntry>> {
    const chosen = await this.#engine.setPrecision({ id, precision });
    if (chosen.ok && chosen.value.active) this.#device = undefined;
    await this.refresh();
    return chosen;
  }

  /** Lists a folder, under another name than its own where one is given, and makes it the active model. */
  async importFolder(folder: string, name?: string): Promise<Result<ModelEntry>> {
    const refused = this.refusedWithoutTrust(folder);
    if (refused) return refused;
    const added = await this.#engine.addModel({ source: folder, activate: true, ...(name && { name }) });
    if (added.ok) this.#device = undefined;
    await this.refresh();
    return added;
  }

  /** Downloads a model and makes it the active one. Asked for twice, the download under way goes on. */
  async download(source: string, token: string | undefined, call: Call = {}): Promise<Result<ModelEntry> | undefined> {
    if (this.#downloads.has(source)) return undefined;
    const abort = new AbortController();
    const cancel = (): void => abort.abort();
    call.signal?.addEventListener('abort', cancel, { once: true });
    const show = (progress: Progress | null): void => {
      this.#downloads.set(source, { source, progress, cancel });
      this.#changed.fire();
      if (progress) call.onProgress?.(progress);
    };
    show(null);
    const { endpoint } = settings().huggingFace;
    const request = { source, activate: true, ...(token && { token }), ...(endpoint && { endpoint }) };
    const added = await this.#engine.addModel(request, { signal: abort.signal, onProgress: show });
    this.#downloads.delete(source);
    if (added.ok) this.#device = undefined;
    await this.refresh();
    return added;
  }

  async remove(entry: ModelEntry, deleteDownload: boolean): Promise<Result<unknown>> {
    const removed = await this.#engine.removeModel({ id: entry.id, deleteDownload });
    await this.refresh();
    return removed;
  }

  #take(entries: readonly ModelEntry[]): void {
    const before = this.activeId;
    this.#entries = entries;
    if (this.activeId !== before) this.#device = undefined;
    void this.#memory.update(LAST_ACTIVE, this.activeId);
  }
}
