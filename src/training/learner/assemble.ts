import { join } from 'node:path';
import type { Gpt2Config } from '../../gpt2/config.ts';
import { savedPadding } from '../../gpt2/classifierConfig.ts';
import { headName, mapParameters } from '../../gpt2/parameters.ts';
import { inMemory, openWeights, type Weight, type WeightInMemory, type Weights } from '../../gpt2/weights.ts';
import { ADAPTER_WEIGHTS } from '../../models/adapter/config.ts';
import { readCompanions } from '../../models/companions.ts';
import { readFolderConfig } from '../../models/config.ts';
import { exists } from '../../models/files.ts';
import { openTensors, readFloat32, readHeader, type TensorLocation } from '../../models/safetensors.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { LoraSpec, RunSpec } from '../../protocol/run/spec.ts';
import type { ScoringHead } from '../methods/method.ts';
import { openScoringHead } from './scoringHead.ts';
import type { AdapterNames, HeadNames, TrainingModel } from './model.ts';
import { TrainedParameter } from './parameter.ts';
import { parameterNames, trainedNames } from './parts.ts';
import { inAdapter, inModel, loraNames } from './savedNames.ts';
import { adapterStart, randomWeights } from './start.ts';
import { openValueHead } from './valueHead.ts';

/** A model folder's configuration, read and as it stands in the file. */
export interface FolderConfig {
  readonly config: Gpt2Config;
  readonly json: Readonly<Record<string, unknown>>;
}

/** The heads that a method asks for. */
export interface Heads {
  /** Null: the method predicts tokens. */
  readonly scoring: ScoringHead | null;
  readonly values: boolean;
}

export interface ModelSource {
  readonly folder: string;
  readonly resumeFrom?: string;
  readonly signal?: AbortSignal;
}

/** Opens what a run starts from, and reads what trains into memory. */
export async function assembleModel(
  spec: RunSpec,
  { scoring, values }: Heads,
  from: FolderConfig,
  { folder, resumeFrom, signal }: ModelSource,
): Promise<TrainingModel> {
  const { config } = from;
  const frozen = await frozenModel(spec, from, { folder, ...(signal && { signal }) });
  const trained = trainedNames(config, spec.trainable, scoring !== null);
  const weights = new Map(frozen.weights);
  const parameters: TrainedParameter[] = [];
  const lora = 'lora' in spec.trainable ? spec.trainable.lora : null;
  const train = (weight: WeightInMemory, savedName: string): void => {
    weights.set(weight.name, weight);
    parameters.push(new TrainedParameter(savedName, weight));
  };
  for (const name of parameterNames(config, scoring !== null)) {
    if (trained.names.has(name)) train(await inMemory(weights.get(name) as Weight, signal), inModel(name));
  }
  const adapters = lora ? startAdapters(config, lora, spec.training.seed, train) : new Map<string, AdapterNames>();
  const head = scoring
    ? await scoringHead(spec, scoring, from, { folder, isAdapter: lora !== null, train })
    : frozen.head;
  const value = values ? await openValueHead(spec, config.width, folder) : null;
  for (const tensor of value?.tensors ?? []) train(tensor, tensor.name);
  if (resumeFrom !== undefined) await restore(parameters, resumeFrom, signal);
  return {
    ...frozen,
    scoring,
    weights,
    parameters,
    head: { ...head, value: value && value.names },
    adapters,
    adapterDropout: lora?.dropout ?? 0,
    fromBlock: trained.fromBlock,
    frozenBelow: !trained.embeddings,
    paddedLength: resumeFrom === undefined ? null : savedPadding(await readFolderConfig(resumeFrom)),
  };
}

/** The model of a folder as a run starts from it, none of which trains. It predicts tokens. */
export async function frozenModel(
  spec: Pick<RunSpec, 'initialize' | 'training'>,
  from: FolderConfig,
  { folder, signal }: Omit<ModelSource, 'resumeFrom'>,
): Promise<TrainingModel> {
  const base = await startingWeights(spec, from, folder, signal);
  return {
    config: from.config,
    scoring: null,
    folder,
    folderConfig: from.json,
    weights: base.tensors,
    weightsFolder: base.folder,
    companions: await readCompanions([folder]),
    parameters: [],
    head: wordsHead(from.config),
    adapters: new Map(),
    adapterDropout: 0,
    fromBlock: 0,
    frozenBelow: false,
    paddedLength: null,
  };
}

type Train = (weight: WeightInMemory, savedName: string) => void;

function startingWeights(
  { initialize, training }: Pick<RunSpec, 'initialize' | 'training'>,
  { config, json }: FolderConfig,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Weights> {
  if (initialize === 'weights') return openWeights(folder, config, signal ? { signal } : {});
  const range = json['initializer_range'];
  return Promise.resolve(randomWeights(config, folder, typeof range === 'number' ? range : undefined, training.seed));
}

const wordsHead = (config: Gpt2Config): HeadNames => ({
  weight: headName(config),
  bias: null,
  hidden: null,
  value: null,
});

async function scoringHead(
  spec: RunSpec,
  scoring: ScoringHead,
  from: FolderConfig,
  { folder, isAdapter, train }: { readonly folder: string; readonly isAdapter: boolean; readonly train: Train },
): Promise<HeadNames> {
  const { tensors, names } = await openScoringHead(spec, scoring, from, folder);
  for (const tensor of tensors) train(tensor, isAdapter ? inAdapter(tensor.name) : tensor.name);
  return names;
}

/** An adapter beside every matrix that is asked for, by the matrix's name. */
function startAdapters(config: Gpt2Config, lora: LoraSpec, seed: number, train: Train): Map<string, AdapterNames> {
  const shapes = new Map<string, readonly number[]>();
  mapParameters(config, (name, shape) => shapes.set(name, shape));
  const adapters = new Map<string, AdapterNames>();
  for (const [name, shape] of shapes) {
    const target = /\.(c_attn|c_proj|c_fc)\.weight$/.exec(name)?.[1] as LoraSpec['targets'][number] | undefined;
    if (!target || !lora.targets.includes(target)) continue;
    const [inputs, outputs] = shape as [number, number];
    const { a, b } = loraNames(name);
    train(adapterStart(a, [lora.rank, inputs], seed), inAdapter(a));
    train(adapterStart(b, [outputs, lora.rank], seed), inAdapter(b));
    adapters.set(name, { a, b, scaling: lora.alpha / lora.rank });
  }
  return adapters;
}

/** Continues with the numbers that were saved. */
async function restore(
  parameters: readonly TrainedParameter[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const adapter = join(folder, ADAPTER_WEIGHTS);
  const saved = (await exists(adapter)) ? await readHeader(adapter) : await openTensors(folder);
  for (const { name, values } of parameters) {
    const location: TensorLocation | undefined = saved.get(name);
    if (!location) {
      throw new Reasoned(
        'tensor-missing',
        `"${folder}" holds no tensor "${name}", which the run trains.`,
        'Resume with the run.json that the checkpoint was made with.',
      );
    }
    values.set(await readFloat32(location, signal));
  }
}
