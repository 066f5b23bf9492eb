import type { ChatAnswer, ChatRequest } from './chat.ts';
import type { ClassifierApi } from './classify.ts';
import type { DatasetApi } from './dataset.ts';
import type { EvaluationApi } from './evaluation/api.ts';
import type { ExportApi } from './export.ts';
import type { Generated, GenerateRequest, GenerationUpdate } from './generation.ts';
import type { Placement } from './placement.ts';
import type { Precision } from './precision.ts';
import type { Result } from './result.ts';

/**
 * What may be asked of the engine: the same interface in its own process (engine/service.ts) and, through rpc.ts,
 * from another one. Every call can be cancelled; those that are long report progress. Nothing is thrown.
 */
export interface EngineApi extends ClassifierApi, ExportApi, DatasetApi, EvaluationApi {
  tokenize(request: TokenizeRequest, call?: Call): Promise<Result<Token[]>>;
  score(request: ScoreRequest, call?: Call): Promise<Result<Scored>>;
  next(request: NextRequest, call?: Call): Promise<Result<NextTokens>>;
  /** Tells each token as it is made; a call that is cancelled ends within one. */
  generate(request: GenerateRequest, call?: StreamingCall<GenerationUpdate>): Promise<Result<Generated>>;
  /** Renders a chat and, where there are settings, decodes the reply, telling each token of it as `generate` does. */
  chat(request: ChatRequest, call?: StreamingCall<GenerationUpdate>): Promise<Result<ChatAnswer>>;
  /** Loads the model if it is not loaded yet and says where it runs. */
  load(request: ModelChoice, call?: Call): Promise<Result<LoadedModel>>;
  /** Says which provider of the runtime runs each node of the model there. Loads it anew for that. */
  placement(request: ModelChoice, call?: Call): Promise<Result<Placement>>;
  listModels(request: Record<string, never>): Promise<Result<ModelEntry[]>>;
  addModel(request: AddModelRequest, call?: Call): Promise<Result<ModelEntry>>;
  removeModel(request: RemoveModelRequest, call?: Call): Promise<Result<ModelEntry[]>>;
  setActiveModel(request: { id: string }, call?: Call): Promise<Result<ModelEntry>>;
  /** Chooses the precision in which a model of the list is loaded where none is asked for; it is kept. */
  setPrecision(request: { id: string; precision: Precision }, call?: Call): Promise<Result<ModelEntry>>;
  modelInfo(request: { model: string }, call?: Call): Promise<Result<ModelInfo>>;
}

export interface Call {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** A call whose answer comes in parts before it comes whole. */
export interface StreamingCall<Update> extends Call {
  readonly onUpdate?: (update: Update) => void;
}

export type OnProgress = (progress: Progress) => void;

/** How far a long operation has come. */
export interface Progress {
  /** What is being done, as a person would say it: "Downloading model.safetensors". */
  readonly message: string;
  readonly done: number;
  /** Absent while it is not known. */
  readonly total?: number;
  readonly unit: 'bytes' | 'tokens' | 'files' | 'texts' | 'rows' | 'steps';
  /** In units a second, once there is something to measure. */
  readonly rate?: number;
  readonly secondsLeft?: number;
}

/** `auto` takes the best device that works here; the numbered forms name one of several. */
export type DevicePreference = 'auto' | 'cpu' | 'cuda' | `cuda:${number}` | 'coreml' | 'dml' | 'webgpu';

export interface ModelChoice {
  /** An id from the models list, a folder, or a hub name; `active` is the active model, else the starter. */
  readonly model: string;
  readonly device?: DevicePreference;
  /** Absent: as it was chosen for the model (`setPrecision`), else f32. */
  readonly precision?: Precision;
}

export interface DeviceReport {
  /** The device that runs, such as `cpu` or `cuda:0`. */
  readonly device: string;
  /** What the weights are kept in there. */
  readonly precision: Precision;
  /** The better devices that were tried first, why each was not taken, and what helps. */
  readonly passedOver: ReadonlyArray<{
    readonly device: string;
    readonly reason: string;
    readonly remedy: string | null;
  }>;
  readonly threads: number;
}

export interface LoadedModel {
  readonly entry: ModelEntry;
  readonly device: DeviceReport;
  /** What is odd about the folder without preventing its use, such as tensors that nothing reads. */
  readonly warnings: readonly string[];
}

// ---- tokens -------------------------------------------------------------------------------------------------------

export interface TokenizeRequest {
  readonly model: string;
  readonly text: string;
}

export interface Token {
  readonly id: number;
  /** Decoded text; a token that holds part of a character shows U+FFFD. */
  readonly text: string;
  /** The tokenizer's own form, such as `Ġmovie`. */
  readonly raw: string;
  /** UTF-16 offsets into the text; tokens that split a character share its range. */
  readonly start: number;
  readonly end: number;
}

// ---- scoring ------------------------------------------------------------------------------------------------------

export interface ScoreRequest extends ModelChoice {
  readonly texts: readonly string[];
  /** `unscored`: the first token has no context and no score. `endoftext`: `<|endoftext|>` stands before it. */
  readonly firstToken: 'unscored' | 'endoftext';
  /** How many alternatives to return for each position; 0 for none. */
  readonly top: number;
}

export interface Scored {
  readonly device: DeviceReport;
  readonly texts: readonly ScoredText[];
}

export interface ScoredText {
  readonly text: string;
  /** exp of the mean negative log-likelihood of the scored tokens; null where none is scored. */
  readonly perplexity: number | null;
  /** Sum over the scored tokens, in nats. */
  readonly negativeLogLikelihood: number;
  readonly scoredTokens: number;
  /** Bits over the UTF-8 bytes of the scored tokens; null where none is scored. */
  readonly bitsPerByte: number | null;
  readonly tokens: readonly ScoredToken[];
}

/** The four figures are null for a first token that is not scored. */
export interface ScoredToken {
  readonly id: number;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly probability: number | null;
  /** 1 for the likeliest token; equal logits go to the lower id. */
  readonly rank: number | null;
  /** In bits. */
  readonly surprisal: number | null;
  /** Of the whole predicted distribution, in bits. */
  readonly entropy: number | null;
  /** What the model preferred, likeliest first; absent where the position is not scored or `top` is 0. */
  readonly top?: readonly Alternative[];
}

export interface Alternative {
  readonly id: number;
  readonly text: string;
  readonly probability: number;
}

// ---- next token ---------------------------------------------------------------------------------------------------

export interface NextRequest extends ModelChoice {
  readonly text: string;
  /**
   * UTF-16 offset of the position asked about. Inside or before a token of `text`, it snaps to that token's start;
   * at the end of the text one trailing space is left out of the context. Absent: after the whole text, as it stands.
   */
  readonly offset?: number;
  readonly top: number;
  /** Tokens of context at most; absent: as many as the model takes. */
  readonly contextLength?: number;
}

export interface NextTokens {
  readonly device: DeviceReport;
  /** What the model was given. */
  readonly context: { readonly tokens: ReadonlyArray<{ id: number; text: string; raw: string }> };
  /** UTF-16 offset at which the predicted token starts. */
  readonly position: number;
  readonly predictions: ReadonlyArray<Alternative & { readonly rank: number }>;
  /** The token that stands there in the text; null at its end. */
  readonly actual: (Alternative & { readonly rank: number; readonly start: number; readonly end: number }) | null;
}

// ---- models -------------------------------------------------------------------------------------------------------

export interface ModelEntry {
  readonly id: string;
  readonly folder: string;
  readonly parameters: number;
  readonly contextLength: number;
  /** Of the weight files. */
  readonly bytes: number;
  /** The `architectures` field of config.json, or its model_type. */
  readonly architecture: string;
  /** What a classifier tells apart, in the order of its outputs; absent: it is none. */
  readonly labels?: readonly string[];
  readonly source: 'starter' | 'folder' | 'hub';
  /** `owner/name[@revision][:subfolder]`, for a model from the hub. */
  readonly hubName?: string;
  readonly active: boolean;
  /** What it is loaded in where nothing else is asked for; absent: f32. */
  readonly precision?: Precision;
  /** Why it can't be used at the moment, such as a folder that is gone. The counts are then 0. */
  readonly problem?: { readonly code: string; readonly message: string; readonly remedy: string };
}

export interface AddModelRequest {
  /** A folder, or `owner/name[@revision][:subfolder]`. */
  readonly source: string;
  /** For gated and private repositories. Absent: HF_TOKEN of the environment, or the token file that `hf auth login` wrote. */
  readonly token?: string;
  /** The hub's address. Absent: HF_ENDPOINT of the environment, or the public hub. */
  readonly endpoint?: string;
  readonly activate?: boolean;
  /** Of a folder: what its id is made of, where the folder's own name says little. */
  readonly name?: string;
}

export interface RemoveModelRequest {
  readonly id: string;
  /** A download's files are deleted from the cache; an imported folder is never touched. */
  readonly deleteDownload: boolean;
}

export interface ModelInfo {
  readonly entry: ModelEntry;
  /** config.json as it stands. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly modules: ModuleNode;
  readonly warnings: readonly string[];
}

/** A module of the network, such as `h.0.attn`, or a parameter, such as `c_attn.weight`. */
export interface ModuleNode {
  readonly name: string;
  /** The class as transformers names it (`GPT2Block`, `Conv1D`), or `Parameter`. */
  readonly kind: string;
  readonly parameters: number;
  /** Of a parameter. */
  readonly shape?: readonly number[];
  /** Of a parameter, as stored: `F32`, `F16`, `BF16`. */
  readonly dtype?: string;
  readonly children: readonly ModuleNode[];
}

// ---- process ------------------------------------------------------------------------------------------------------

/** With what an engine process is started. */
export interface EngineOptions {
  /** The folder of the model that ships with the extension. */
  readonly starterFolder: string;
  /** Where the models list is kept. Absent: LM Lab's folder in the user's home. */
  readonly home?: string;
  /** Threads to compute with. Absent: one for each processor that the system offers. */
  readonly threads?: number;
}
