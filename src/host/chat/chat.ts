import { EventEmitter } from 'node:events';
import type { ChatAnswer, ChatMessage, ChatRequest } from '../../protocol/chat.ts';
import type { EngineApi, ModelChoice, StreamingCall } from '../../protocol/engine.ts';
import type { GeneratedToken, GenerationUpdate } from '../../protocol/generation.ts';
import { settingsOf } from '../../protocol/decodingOptions.ts';
import type { ChatSession, ChatSnapshot, ChatTurn } from '../../protocol/panels/chat.ts';
import { placeOf } from '../../protocol/precision.ts';
import { CANCELLED, type Reason, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { GrowingReply } from './growingReply.ts';
import * as sessions from './session.ts';

/** What is shown beside the session itself. */
export type ChatWork = Pick<ChatSnapshot, 'state' | 'rendering' | 'device' | 'undoable'>;

export interface ChatOptions {
  readonly engine: Pick<EngineApi, 'chat'>;
  /** How a request names a model; null: the active one. */
  readonly choice: (model: string | null) => Promise<Result<ModelChoice>>;
  readonly activeModel: () => string;
  /** Alternatives to name for each token. */
  readonly top: () => number;
}

interface Events {
  /** Fields that are new. */
  change: [Partial<ChatSession & ChatWork>];
  /** The reply of the turn with that id grew. */
  stream: [turn: number, tokens: readonly GeneratedToken[], text: string];
}

/** A moment without a change, after which the chat is rendered anew. */
const SETTLE_MILLISECONDS = 80;

type Turns = readonly ChatTurn[];

/** What can be undone: how it is called, and what was there before. */
interface Undo {
  readonly name: string;
  readonly before: Pick<ChatSession, 'system' | 'turns'>;
}

interface Replying {
  readonly abort: AbortController;
  readonly reply: GrowingReply;
  /** The turns that stand there again if nothing comes of it. */
  readonly before: Turns;
}

/** One chat with a model: what was said, how it is rendered, and the reply under way. */
export class Chat extends Disposable {
  readonly events = new EventEmitter<Events>();
  readonly #options: ChatOptions;
  #session: ChatSession = sessions.NEW_SESSION;
  #work: ChatWork = {
    state: { kind: 'idle' },
    rendering: { messages: [], chat: null, error: null },
    device: '',
    undoable: null,
  };
  #undo: Undo | undefined;
  #replying: Replying | undefined;
  #rendering: AbortController | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(options: ChatOptions) {
    super();
    this.#options = options;
    this._register({ dispose: () => this.stop() });
    this._register({ dispose: () => clearTimeout(this.#settling) });
    this._register({ dispose: () => this.#rendering?.abort() });
  }

  get session(): ChatSession {
    return this.#session;
  }

  get work(): ChatWork {
    return this.#work;
  }

  /** Id of the model that answers. */
  get answering(): string {
    return this.#session.model ?? this.#options.activeModel();
  }

  /** The chat of an earlier window. */
  adopt(session: ChatSession): void {
    this.stop();
    this.#change(session);
    this.renderSoon();
  }

  /** Changes what the next rendering and reply go by. */
  set(changes: Partial<Omit<ChatSession, 'turns'>>): void {
    this.#change(changes);
    this.renderSoon();
  }

  /** What is written is said, and answered. Where nothing is written, what stands there is answered. */
  async send(text: string): Promise<void> {
    this.stop();
    const { turns } = this.#session;
    const said: Turns =
      text.trim() === '' ? turns : [...turns, { id: sessions.nextId(turns), role: 'user', content: text }];
    this.#change({ draft: '' });
    await this.#reply(said, said);
  }

  async regenerate(id: number): Promise<void> {
    this.stop();
    const { system, turns } = this.#session;
    const kept = sessions.turnsForReply(turns, id);
    const dropped = turns.length - kept.length - 1;
    const name = `Left out ${dropped === 1 ? 'the turn' : `the ${dropped} turns`} after it.`;
    await this.#reply(kept, turns, dropped > 0 ? { name, before: { system, turns } } : undefined);
  }

  edit(id: number, content: string): void {
    this.stop();
    this.#change({ turns: sessions.turnsWithEdit(this.#session.turns, id, content), state: { kind: 'idle' } });
    this.renderSoon();
  }

  deleteFrom(id: number): void {
    this.stop();
    const { system, turns } = this.#session;
    const kept = sessions.turnsBefore(turns, id);
    const deleted = turns.length - kept.length;
    this.#replace({ system, turns: kept }, `Deleted ${deleted === 1 ? 'a turn' : `${deleted} turns`}.`);
  }

  /** Begins with no turn; the system prompt, the template and the settings stay. */
  clear(): void {
    this.#replace({ system: this.#session.system, turns: [] }, 'Began a new chat.');
  }

  /** Takes messages that were loaded, unless they are none. */
  async load(messages: readonly ChatMessage[], name: string): Promise<Result<true>> {
    const asked = await this.#ask({ messages, template: 'plain' }, {});
    if (!asked.ok && asked.error.code === 'messages-invalid') return asked;
    this.#replace(sessions.sessionFrom(messages), `Loaded ${name}.`);
    return { ok: true, value: true };
  }

  undo(): void {
    this.stop();
    if (this.#undo) this.#change({ ...this.#undo.before, ...this.#setUndo(undefined) });
    this.renderSoon();
  }

  /** Ends the reply under way; what has come of it stays. */
  stop(): void {
    if (this.#replying) this.#endReply('stopped');
  }

  renderSoon(): void {
    clearTimeout(this.#settling);
    if (this.#replying) return; // what the model was given is in sight
    this.#settling = setTimeout(() => void this.#render(), SETTLE_MILLISECONDS);
  }

  #replace(begun: Pick<ChatSession, 'system' | 'turns'>, name: string): void {
    this.stop();
    const { system, turns } = this.#session;
    const undo = turns.length > 0 ? { name, before: { system, turns } } : undefined;
    this.#change({ ...begun, state: { kind: 'idle' }, ...this.#setUndo(undo) });
    this.renderSoon();
  }

  #setUndo(undo: Undo | undefined): Pick<ChatWork, 'undoable'> {
    this.#undo = undo;
    return { undoable: undo?.name ?? null };
  }

  async #render(messages = sessions.messagesOf(this.#session)): Promise<void> {
    this.#rendering?.abort();
    const rendering = new AbortController();
    this.#rendering = rendering;
    if (messages.length === 0) return this.#change({ rendering: { messages, chat: null, error: null } });
    const room = this.#session.settings.maxNewTokens;
    const asked = await this.#ask({ ...this.#asked(messages), room }, { signal: rendering.signal });
    if (this.#rendering !== rendering) return;
    if (asked.ok) this.#change({ rendering: { messages, chat: asked.value, error: null } });
    else if (asked.error.code !== CANCELLED)
      this.#change({ rendering: { ...this.#work.rendering, error: asked.error } });
  }

  /** Replies after `turns`. Where nothing comes of it, `before` stands there again. */
  async #reply(turns: Turns, before: Turns, undo?: Undo): Promise<void> {
    clearTimeout(this.#settling);
    const abort = new AbortController();
    const id = sessions.nextId(before);
    const reply = new GrowingReply(id, this.answering, (...told) => {
      this.#session = { ...this.#session, turns: [...turns, reply.turn('running')] };
      this.events.emit('stream', id, ...told);
    });
    const replying = { abort, reply, before };
    this.#replying = replying;
    this.#change({
      turns: [...turns, reply.turn('running')],
      state: { kind: 'replying', progress: null },
      ...this.#setUndo(undo),
    });
    const messages = sessions.messagesOf({ ...this.#session, turns, draft: '' });
    void this.#render(messages);
    const { settings, stopAtTurn } = this.#session;
    const isCurrent = (): boolean => this.#replying === replying;
    const asked = await this.#ask(
      { ...this.#asked(messages), settings: settingsOf(settings), stopAtTurn },
      {
        signal: abort.signal,
        onProgress: progress => isCurrent() && this.#change({ state: { kind: 'replying', progress } }),
        onUpdate: update => isCurrent() && reply.take(update),
      },
    );
    if (!isCurrent()) return;
    if (asked.ok) this.#finish(reply, asked.value, messages);
    else this.#endReply('failed', asked.error);
  }

  #finish(growing: GrowingReply, answer: ChatAnswer, messages: readonly ChatMessage[]): void {
    const { reply, device, seed, ...chat } = answer;
    if (!reply) return this.#endReply('stopped');
    this.#forgetReply();
    this.#change({
      turns: [...this.#session.turns.slice(0, -1), growing.finished(reply, seed)],
      state: { kind: 'idle' },
      rendering: { messages, chat, error: null },
      ...(device && { device: placeOf(device) }),
    });
    this.renderSoon();
  }

  #endReply(ending: 'stopped' | 'failed', error?: Reason): void {
    const replying = this.#replying;
    if (!replying) return;
    replying.abort.abort();
    this.#forgetReply();
    const { reply, before } = replying;
    const turns = reply.empty ? before : [...this.#session.turns.slice(0, -1), reply.turn(ending)];
    const isFailure = error !== undefined && error.code !== CANCELLED;
    this.#change({ turns, state: isFailure ? { kind: 'failed', error } : { kind: 'idle' } });
    this.renderSoon();
  }

  #forgetReply(): void {
    this.#replying?.reply.dispose();
    this.#replying = undefined;
  }

  #asked(messages: readonly ChatMessage[]): Pick<ChatRequest, 'messages' | 'template'> {
    const template = sessions.templateOf(this.#session);
    return { messages, ...(template !== undefined && { template }) };
  }

  async #ask(
    request: Omit<ChatRequest, 'model' | 'device' | 'top'>,
    call: StreamingCall<GenerationUpdate>,
  ): Promise<Result<ChatAnswer>> {
    const choice = await this.#options.choice(this.#session.model);
    if (!choice.ok) return choice;
    return this.#options.engine.chat({ ...choice.value, ...request, top: this.#options.top() }, call);
  }

  #change(changes: Partial<ChatSession & ChatWork>): void {
    const entries = Object.entries(changes);
    const of = (known: object): object => Object.fromEntries(entries.filter(([name]) => name in known));
    this.#session = { ...this.#session, ...of(this.#session) };
    this.#work = { ...this.#work, ...of(this.#work) };
    this.events.emit('change', changes);
  }
}
