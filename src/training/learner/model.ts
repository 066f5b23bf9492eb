import type { Gpt2Config } from '../../gpt2/config.ts';
import type { Weight } from '../../gpt2/weights.ts';
import type { ScoringHead } from '../methods/method.ts';
import type { Companions } from '../../models/companions.ts';
import type { TrainedParameter } from './parameter.ts';

/** A model under training: which numbers it has, which of them train. */
export interface TrainingModel {
  readonly config: Gpt2Config;
  /** The head that scores; null: the model predicts tokens. */
  readonly scoring: ScoringHead | null;
  /** The folder that training started from, and its config.json. */
  readonly folder: string;
  readonly folderConfig: Readonly<Record<string, unknown>>;
  /** Every weight by its own name (`h.0.ln_1.weight`), those that train among them; with the head and its adapters. */
  readonly weights: ReadonlyMap<string, Weight>;
  /** The folder above all weight files. */
  readonly weightsFolder: string;
  /** The tokenizer's files and the like, kept so that a model can be saved whose folder is gone. */
  readonly companions: Companions;
  readonly parameters: readonly TrainedParameter[];
  readonly head: HeadNames;
  /** The adapter of a matrix, by the matrix's name. */
  readonly adapters: ReadonlyMap<string, AdapterNames>;
  readonly adapterDropout: number;
  /** The first block that trains; as many as there are blocks: only the head trains. */
  readonly fromBlock: number;
  /** Whether nothing below that block trains, the embeddings included. */
  readonly frozenBelow: boolean;
  /** The longest that sequences were filled up to before the training that is gone on with; null: none were, or none was. */
  readonly paddedLength: number | null;
}

/** Names of weights. */
export interface HeadNames {
  readonly weight: string;
  readonly bias: string | null;
  readonly hidden: { readonly weight: string; readonly bias: string } | null;
  readonly value: { readonly weight: string; readonly bias: string } | null;
}

export interface AdapterNames {
  readonly a: string;
  readonly b: string;
  readonly scaling: number;
}
