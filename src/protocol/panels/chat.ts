import type { ChatMessage, RenderedChat } from '../chat.ts';
import type { SettingsForm } from '../decodingOptions.ts';
import type { Progress } from '../engine.ts';
import type { FinishReason, GeneratedToken } from '../generation.ts';
import type { Reason } from '../result.ts';
import type { ModelOption } from './tokenProbabilities.ts';

/** All that the Chat panel shows. The page is a pure function of the last one and of what streamed in since. */
export interface ChatSnapshot extends ChatSession {
  readonly models: readonly ModelOption[];
  /** Id of the model that answers. */
  readonly answering: string;
  /** Of that model, in tokens; 0 where it is not known. */
  readonly contextLength: number;
  /** Where it ran last, such as `cpu`; empty before. */
  readonly device: string;
  readonly state: ChatState;
  readonly rendering: Rendering;
  /** The user's template is open in an editor, and written there. */
  readonly templateInEditor: boolean;
  /** What was done to the turns that can be undone, such as `Deleted 3 turns`. */
  readonly undoable: string | null;
  /** The starter is in use: the panel offers the real GPT-2. */
  readonly offersGpt2: boolean;
}

/** What outlives the window as it is. */
export interface ChatSession {
  /** Id of the model; null: the active one. */
  readonly model: string | null;
  readonly system: string;
  readonly turns: readonly ChatTurn[];
  /** What is being written. */
  readonly draft: string;
  readonly template: TemplateChoice;
  /** The user's own Jinja text. */
  readonly ownTemplate: string;
  readonly settings: SettingsForm;
  readonly stopAtTurn: boolean;
}

/** `own`: the user's text. Else a name: of a built-in template, or of one of the model's. */
export type TemplateChoice = { readonly kind: 'own' } | { readonly kind: 'named'; readonly name: string | null };

export interface ChatTurn {
  /** Stays the same while others come and go. */
  readonly id: number;
  readonly role: Exclude<ChatMessage['role'], 'system'>;
  readonly content: string;
  /** How the model made it; absent for what a person wrote. */
  readonly reply?: Reply;
}

export interface Reply {
  readonly tokens: readonly GeneratedToken[];
  readonly ending: ReplyEnding;
  readonly model: string;
  /** The seed that was used, where tokens were drawn. */
  readonly seed?: number;
}

/** `stopped`: by hand. `failed`: what came before the failure is kept. */
export type ReplyEnding = FinishReason | 'running' | 'stopped' | 'failed';

export type ChatState =
  | { readonly kind: 'idle' }
  /** The model is loaded, or reads. */
  | { readonly kind: 'replying'; readonly progress: Progress | null }
  | { readonly kind: 'failed'; readonly error: Reason };

/** What the model gets of the chat as it stands, or of the last that could be rendered. */
export interface Rendering {
  /** What `chat` was rendered from. */
  readonly messages: readonly ChatMessage[];
  readonly chat: RenderedChat | null;
  readonly error: Reason | null;
}

/** From the host to the page. */
export type ChatPanelMessage =
  | { readonly type: 'snapshot'; readonly snapshot: ChatSnapshot }
  /** Fields of the last snapshot that are new. */
  | { readonly type: 'changes'; readonly changes: Partial<ChatSnapshot> }
  /** The reply grows: tokens, and text as far as it is certain. */
  | {
      readonly type: 'stream';
      readonly turn: number;
      readonly tokens: readonly GeneratedToken[];
      readonly text: string;
    };

/** What the user did in the page. Turns are named by their ids. */
export type ChatIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'draft'; readonly text: string }
  /** With an empty text the model answers what stands there. */
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'stop' }
  | { readonly type: 'edit'; readonly turn: number; readonly content: string }
  /** The reply once more, or one to this message; what follows goes. */
  | { readonly type: 'regenerate'; readonly turn: number }
  /** This turn goes, and what follows. */
  | { readonly type: 'deleteFrom'; readonly turn: number }
  | { readonly type: 'newChat' }
  | { readonly type: 'undo' }
  | { readonly type: 'system'; readonly text: string }
  | { readonly type: 'chooseModel'; readonly model: string }
  | { readonly type: 'chooseTemplate'; readonly template: TemplateChoice }
  | { readonly type: 'ownTemplate'; readonly text: string }
  /** In an editor; at a place of it (from 1) where there is one. */
  | { readonly type: 'openTemplate'; readonly line?: number; readonly column?: number }
  | { readonly type: 'settings'; readonly settings: SettingsForm }
  | { readonly type: 'stopAtTurn'; readonly on: boolean }
  | { readonly type: 'save' }
  | { readonly type: 'load'; readonly from: 'file' | 'editor' }
  | { readonly type: 'copy'; readonly what: 'chat' | 'rendered' | 'ids' }
  | { readonly type: 'copyTurn'; readonly turn: number }
  | { readonly type: 'runCommand'; readonly command: ChatCommand };

/** The commands that the page has buttons for. */
export type ChatCommand = 'lmLab.downloadModel' | 'lmLab.showLog' | 'lmLab.chooseModel' | 'lmLab.restartEngine';
