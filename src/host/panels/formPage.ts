import path from 'node:path';
import * as vscode from 'vscode';
import type { FormMessage } from '../../protocol/panels/formMessage.ts';
import { type Reason, reasonOf, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { keep, kept } from '../keptFile.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { VIEW_TYPES } from './viewTypes.ts';
import { WrittenSoon } from './writtenSoon.ts';

/** How long a change may wait until the request is written down. */
const KEEP_MILLISECONDS = 300;

/** What a form is over: what is to be done with a dataset. */
interface FormRequest {
  readonly dataset: { readonly file: string };
}

/** What every form's page is told beside the form's own. */
export interface FormPageState {
  /** Counts the requests that were put in the place of what the page had. */
  readonly version: number;
  readonly starting: boolean;
  /** Why the last start failed. */
  readonly failed: Reason | null;
}

export interface FormPageParts<Request, Snapshot, Intent extends { readonly type: string }> {
  readonly extension: vscode.ExtensionContext;
  /** Of the bundle, of the file that the request is kept in, and of the view type. */
  readonly name: 'fineTune' | 'evaluate';
  readonly title: string;
  readonly handlers: IntentHandlers<Intent>;
  /** The request as it stands; undefined before there is one. */
  request(): Request | undefined;
  /** What the page shows, as it would be sent now. */
  snapshot(): Snapshot | undefined;
}

/** The page of a form over one request: opened, or taken up after a reload from the request that was kept. */
export class FormPage<
  Request extends FormRequest,
  Snapshot extends FormPageState,
  Intent extends { readonly type: string },
> extends Disposable {
  readonly #parts: FormPageParts<Request, Snapshot, Intent>;
  #panel: vscode.WebviewPanel | undefined;
  #state: FormPageState = { version: 0, starting: false, failed: null };
  readonly #written: WrittenSoon;

  constructor(parts: FormPageParts<Request, Snapshot, Intent>) {
    super();
    this.#parts = parts;
    this.#written = this._register(new WrittenSoon(() => this.#keep(), KEEP_MILLISECONDS));
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  get state(): FormPageState {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  /** The request that was kept in an earlier window. */
  kept(): Promise<Request | undefined> {
    return kept<Request>(this.#storage, this.#file);
  }

  /** Tells that the request is another one than the page has. */
  renewed(): void {
    this.#state = { ...this.#state, version: this.#state.version + 1, failed: null };
    if (this.#panel) this.#panel.title = this.#title;
    this.keepSoon();
  }

  /** Opens the page, or brings it to the front. */
  show(): void {
    if (this.#panel) return this.#panel.reveal();
    const type = VIEW_TYPES[this.#parts.name];
    const options = { enableFindWidget: true };
    this.take(vscode.window.createWebviewPanel(type, this.#title, vscode.ViewColumn.Active, options));
  }

  /** Makes the page in a panel, which is new or was kept through a reload. */
  take(panel: vscode.WebviewPanel): void {
    const { extension, name, title, handlers } = this.#parts;
    this.#panel = panel;
    panel.webview.onDidReceiveMessage((intent: Intent) => carryOut(handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    fillPage(panel, extension.extensionUri, name, title);
  }

  /** Tells the page everything; where there is no request yet, nothing. */
  sendAll(): void {
    const snapshot = this.#parts.snapshot();
    if (snapshot) this.#post({ type: 'snapshot', snapshot });
  }

  change(changes: Partial<Snapshot>): void {
    this.#post({ type: 'changes', changes });
  }

  #post(message: FormMessage<Snapshot>): void {
    void this.#panel?.webview.postMessage(message);
  }

  /** Writes the request down for a later window: several changes at once. */
  keepSoon(): void {
    this.#written.soon();
  }

  #keep(): void {
    const request = this.#parts.request();
    if (request) void keep(this.#storage, this.#file, request);
  }

  /** Starts what is asked for, one at a time, and tells the page how that goes. `refused`: why it can't be started. */
  async start(refused: Reason | undefined, begin: () => Promise<Result<unknown>>): Promise<void> {
    if (this.#state.starting) return;
    if (refused) return this.#startingIs(false, refused);
    this.#startingIs(true, null);
    const started = await begin().catch((error: unknown) => ({ ok: false as const, error: reasonOf(error) }));
    this.#startingIs(false, started.ok ? null : started.error);
  }

  #startingIs(starting: boolean, failed: Reason | null): void {
    this.#state = { ...this.#state, starting, failed };
    this.change({ starting, failed } as Partial<Snapshot>);
  }

  get #title(): string {
    const { title, request } = this.#parts;
    return `${title}: ${path.basename(request()?.dataset.file ?? '')}`;
  }

  get #file(): string {
    return `${this.#parts.name}.json`;
  }

  get #storage(): vscode.Uri {
    const { storageUri, globalStorageUri } = this.#parts.extension;
    return storageUri ?? globalStorageUri;
  }
}
