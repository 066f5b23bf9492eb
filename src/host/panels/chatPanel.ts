import * as vscode from 'vscode';
import type { ChatIntent, ChatPanelMessage, ChatSnapshot } from '../../protocol/panels/chat.ts';
import type { Reason, Result } from '../../protocol/result.ts';
import type { Chat } from '../chat/chat.ts';
import { keepSession, keptSession } from '../chat/keptSession.ts';
import { type MessagesOfFile, messagesOfEditor, openMessages, saveMessages } from '../chat/messagesFiles.ts';
import { messagesText } from '../chat/messagesFile.ts';
import { messagesOf } from '../chat/session.ts';
import { TemplateDocument } from '../chat/templateDocument.ts';
import { Disposable } from '../disposable.ts';
import type { Models } from '../models/models.ts';
import { showReason } from '../showReason.ts';
import { chatSnapshotOf, modelOf } from './chatSnapshot.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { VIEW_TYPES } from './viewTypes.ts';
import { WrittenSoon } from './writtenSoon.ts';

const TITLE = 'Chat';

/** How long a change may wait until the chat is written to its file. */
const KEEP_MILLISECONDS = 200;

type Handlers = IntentHandlers<ChatIntent>;

/** The host's half of the Chat panel: tells the page what is new, carries out intents, and keeps the chat in a file. */
export class ChatPanel extends Disposable implements vscode.WebviewPanelSerializer {
  readonly chat: Chat;
  readonly #extension: vscode.ExtensionContext;
  readonly #models: Models;
  readonly #template: TemplateDocument;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #restored: Promise<void> | undefined;
  readonly #written: WrittenSoon;

  constructor(extension: vscode.ExtensionContext, chat: Chat, models: Models) {
    super();
    this.#extension = extension;
    this.chat = this._register(chat);
    this.#models = models;
    this.#template = this._register(new TemplateDocument(this.#storage));
    this.#handlers = { ...this.#conversing(), ...this.#settingUp(), ...this.#files() };
    chat.events.on('change', changes => this.#changed(changes));
    chat.events.on('stream', (turn, tokens, text) => this.#post({ type: 'stream', turn, tokens, text }));
    this._register(models.onDidChange(() => this.#modelsChanged()));
    this._register(this.#template.onDidChange(ownTemplate => chat.set({ ownTemplate })));
    this._register(this.#template.onDidShow(() => this.#change({ templateInEditor: this.#template.isOpen })));
    const write = () => void keepSession(this.#storage, chat.session);
    this.#written = this._register(new WrittenSoon(write, KEEP_MILLISECONDS));
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): ChatSnapshot {
    return chatSnapshotOf(this.chat, this.#models, this.#template);
  }

  /** Opens the panel, with the chat of the last time. */
  async show(): Promise<void> {
    await this.#restore();
    if (this.#panel) return this.#panel.reveal();
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    this.#take(vscode.window.createWebviewPanel(VIEW_TYPES.chat, TITLE, column, { enableFindWidget: true }));
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    await this.#restore();
    this.#take(panel);
  }

  /** Takes the messages of the JSON file that is open in an editor. */
  async loadFromEditor(): Promise<void> {
    await this.#restore();
    await this.#load(messagesOfEditor());
  }

  get #storage(): vscode.Uri {
    return this.#extension.storageUri ?? this.#extension.globalStorageUri;
  }

  /** Once, before anything is shown or kept. */
  #restore(): Promise<void> {
    this.#restored ??= keptSession(this.#storage).then(session => {
      if (session) this.chat.adopt(session);
      for (const event of ['change', 'stream'] as const) this.chat.events.on(event, () => this.#written.soon());
    });
    return this.#restored;
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.webview.onDidReceiveMessage((intent: ChatIntent) => carryOut(this.#handlers, intent));
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    fillPage(panel, this.#extension.extensionUri, 'chat', TITLE);
    void this.#models.list();
    this.chat.renderSoon();
  }

  #post(message: ChatPanelMessage): void {
    void this.#panel?.webview.postMessage(message);
  }

  #change(changes: Partial<ChatSnapshot>): void {
    this.#post({ type: 'changes', changes });
  }

  #changed(changes: Partial<ChatSnapshot>): void {
    this.#change('model' in changes ? { ...changes, ...modelOf(this.chat, this.#models) } : changes);
    if (changes.rendering) this.#template.mark(this.#templateError);
  }

  get #templateError(): Reason | null {
    return this.chat.session.template.kind === 'own' ? this.chat.work.rendering.error : null;
  }

  #modelsChanged(): void {
    this.#change(modelOf(this.chat, this.#models));
    if (this.#panel) this.chat.renderSoon();
  }

  #conversing() {
    const { chat } = this;
    return {
      ready: () => this.#post({ type: 'snapshot', snapshot: this.snapshot }),
      draft: ({ text }) => chat.set({ draft: text }),
      send: ({ text }) => chat.send(text),
      stop: () => chat.stop(),
      edit: ({ turn, content }) => chat.edit(turn, content),
      regenerate: ({ turn }) => chat.regenerate(turn),
      deleteFrom: ({ turn }) => chat.deleteFrom(turn),
      newChat: () => chat.clear(),
      undo: () => chat.undo(),
    } satisfies Partial<Handlers>;
  }

  #settingUp() {
    const { chat } = this;
    return {
      system: ({ text }) => chat.set({ system: text }),
      chooseModel: ({ model }) => chat.set({ model }),
      chooseTemplate: ({ template }) => chat.set({ template }),
      ownTemplate: ({ text }) => chat.set({ ownTemplate: text }),
      openTemplate: ({ line, column }) =>
        this.#template.open(chat.session.ownTemplate, line && column ? { line, column } : undefined),
      settings: ({ settings }) => chat.set({ settings }),
      stopAtTurn: ({ on }) => chat.set({ stopAtTurn: on }),
    } satisfies Partial<Handlers>;
  }

  #files() {
    const { chat } = this;
    return {
      save: () => saveMessages(messagesOf({ ...chat.session, draft: '' })),
      load: ({ from }) => this.#load(from === 'file' ? openMessages() : messagesOfEditor()),
      copy: ({ what }) => this.#copy(this.#textOf(what)),
      copyTurn: ({ turn }) => this.#copy(chat.session.turns.find(({ id }) => id === turn)?.content ?? ''),
      runCommand: ({ command }) => vscode.commands.executeCommand(command),
    } satisfies Partial<Handlers>;
  }

  async #load(reading: Promise<Result<MessagesOfFile> | undefined>): Promise<void> {
    const read = await reading;
    if (!read) return;
    const loaded = read.ok ? await this.chat.load(read.value.messages, read.value.name) : read;
    if (!loaded.ok) await showReason(loaded.error);
  }

  #textOf(what: Extract<ChatIntent, { type: 'copy' }>['what']): string {
    const { chat } = this.chat.work.rendering;
    switch (what) {
      case 'chat':
        return messagesText(messagesOf({ ...this.chat.session, draft: '' }));
      case 'rendered':
        return chat?.rendered ?? '';
      case 'ids':
        return JSON.stringify(chat?.tokens.map(({ id }) => id) ?? []);
    }
  }

  async #copy(text: string): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage('$(check) Copied', 3000);
  }
}
