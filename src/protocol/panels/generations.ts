import type { SettingsForm } from '../decodingOptions.ts';
import type { Progress } from '../engine.ts';
import type { BeamState, FinishReason, GeneratedToken } from '../generation.ts';
import type { Reason } from '../result.ts';
import type { ModelOption } from './tokenProbabilities.ts';

/** All that the Generations panel shows. The page is a pure function of the last one and of what streamed in since. */
export interface GenerationsSnapshot extends GenerationsSession {
  readonly models: readonly ModelOption[];
  /** Id of the model of columns that name none. */
  readonly activeModel: string;
  readonly promptSize: PromptSize | null;
  readonly presets: readonly NamedSettings[];
  /** Settings that were given a name, kept in the workspace. */
  readonly named: readonly NamedSettings[];
  /** Requests before, the last first. */
  readonly history: readonly PastRequest[];
  /** There is an editor to insert into. */
  readonly canInsert: boolean;
  /** The starter is in use: the panel offers the real GPT-2. */
  readonly offersGpt2: boolean;
}

/** What outlives the window as it is. */
export interface GenerationsSession {
  readonly prompt: string;
  readonly columns: readonly GenerationColumn[];
  /** What columns made, by their ids. */
  readonly results: Readonly<Record<string, ColumnResult>>;
  /** How the page shows it; null: as it does at first. */
  readonly view: GenerationsView | null;
}

/** What the page remembers of itself. */
export interface GenerationsView {
  /** What is laid open under a column, by its id. */
  readonly open: Readonly<Record<string, readonly ColumnDetail[]>>;
  /** Ids of the columns whose texts are compared: none, one that waits for another, or two. */
  readonly compared: readonly string[];
  /** Of the tables of tokens. */
  readonly sort: { readonly column: string; readonly direction: 'ascending' | 'descending' };
  /** Steps of the heat that are not shown. */
  readonly hiddenSteps: readonly number[];
  /** The heat is drawn as underlines of rising weight as well. */
  readonly underline: boolean;
  readonly starterNoticeClosed: boolean;
}

export type ColumnDetail = 'settings' | 'tokens' | 'beams';

export interface GenerationColumn {
  readonly id: string;
  readonly name: string;
  /** Id of its model; null: the active one. */
  readonly model: string | null;
  readonly settings: SettingsForm;
}

export interface NamedSettings {
  readonly name: string;
  readonly settings: SettingsForm;
}

export interface PromptSize {
  readonly tokens: number;
  /** Of the model; 0 where it is not known. */
  readonly contextLength: number;
}

export interface PastRequest {
  readonly prompt: string;
  readonly columns: readonly GenerationColumn[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** What one column made of a prompt: its samples, or its best beams, and the branches that left them. */
export interface ColumnResult {
  readonly prompt: string;
  /** Id of the model that ran. */
  readonly model: string;
  readonly settings: SettingsForm;
  readonly device: string;
  /** The last one is the newest; the first ones have no parent. */
  readonly branches: readonly Branch[];
  /** Id of the branch that is read. */
  readonly selected: number;
  /** Step by step, where beams were searched. */
  readonly beams: readonly BeamStep[];
  /** While something of it is under way, how far preparing has come. */
  readonly progress: Progress | null;
  readonly error: Reason | null;
}

/** Those that live, best first, and those that ended. */
export type BeamStep = readonly BeamState[];

export interface Branch {
  readonly id: number;
  /** The branch it left; null for a sample or a returned beam. */
  readonly parent: number | null;
  /** How many tokens of its parent's text it shares. */
  readonly shared: number;
  /** Its own, after those that it shares; the first one of a branch was chosen by hand. */
  readonly tokens: readonly BranchToken[];
  readonly state: BranchState;
  /** Of a returned beam. */
  readonly score?: number;
  /** The seed that was used, where tokens were drawn. */
  readonly seed?: number;
  readonly tokensPerSecond?: number;
}

export interface BranchToken extends GeneratedToken {
  /** What it adds to the text: nothing while a character is in parts, nor after a stop string or for an end token. */
  readonly adds: string;
}

export type BranchState = 'waiting' | 'running' | 'stopped' | 'failed' | FinishReason;

/** From the host to the page. */
export type GenerationsMessage =
  | { readonly type: 'snapshot'; readonly snapshot: GenerationsSnapshot }
  /** Fields of the last snapshot that are new. */
  | { readonly type: 'changes'; readonly changes: Partial<Omit<GenerationsSnapshot, 'results'>> }
  /** A column's result, anew; null: there is none any more. */
  | { readonly type: 'result'; readonly column: string; readonly result: ColumnResult | null }
  | { readonly type: 'stream'; readonly column: string; readonly stream: GenerationStream };

/** What came of a column since the message before. */
export interface GenerationStream {
  readonly tokens: ReadonlyArray<{ readonly branch: number; readonly tokens: readonly BranchToken[] }>;
  readonly beams: readonly BeamStep[];
  /** Branches whose state is another one. */
  readonly states: ReadonlyArray<{ readonly branch: number; readonly state: BranchState }>;
  /** How far preparing has come. */
  readonly progress: Progress | null;
}

/** What the user did in the page. */
export type GenerationsIntent =
  | { readonly type: 'ready' }
  | { readonly type: 'prompt'; readonly text: string }
  | { readonly type: 'view'; readonly view: GenerationsView }
  | { readonly type: 'addColumn'; readonly from: NamedSettings }
  | { readonly type: 'editColumn'; readonly column: string; readonly changes: Partial<Omit<GenerationColumn, 'id'>> }
  | { readonly type: 'duplicateColumn'; readonly column: string }
  | { readonly type: 'removeColumn'; readonly column: string }
  /** To the place of that index. */
  | { readonly type: 'moveColumn'; readonly column: string; readonly to: number }
  /** Absent: all columns. */
  | { readonly type: 'run'; readonly column?: string }
  | { readonly type: 'stop'; readonly column?: string }
  /** Go on from another token: in place of token `at` (from 0) of the text that the branch reads. */
  | {
      readonly type: 'branch';
      readonly column: string;
      readonly branch: number;
      readonly at: number;
      readonly id: number;
    }
  | { readonly type: 'selectBranch'; readonly column: string; readonly branch: number }
  | { readonly type: 'removeBranch'; readonly column: string; readonly branch: number }
  | { readonly type: 'nameSettings'; readonly column: string }
  | { readonly type: 'forgetSettings'; readonly name: string }
  | { readonly type: 'recall'; readonly request: number }
  | { readonly type: 'clearHistory' }
  | { readonly type: 'insert'; readonly column: string }
  | { readonly type: 'copyText'; readonly column: string }
  | { readonly type: 'copyTsv'; readonly column: string }
  | { readonly type: 'export'; readonly format: 'csv' | 'json'; readonly column?: string }
  | { readonly type: 'runCommand'; readonly command: GenerationsCommand };

/** The commands that the page has buttons for. */
export type GenerationsCommand = 'lmLab.downloadModel' | 'lmLab.showLog' | 'lmLab.chooseModel';
