import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SavedHead } from '../../gpt2/classifierConfig.ts';
import { inMemory, type Weight } from '../../gpt2/weights.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from '../../models/adapter/config.ts';
import { writeCompanions } from '../../models/companions.ts';
import { fileError, makeFolder } from '../../models/files.ts';
import { type TensorToWrite, writeSafetensors } from '../../models/safetensors.ts';
import { WEIGHTS } from '../../models/weights.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { TrainingModel } from './model.ts';
import { inModel } from './savedNames.ts';

/** What is told of a classifier beside its weights. */
export interface Saved {
  readonly spec: RunSpec;
  readonly padId: number | null;
  /** What sequences were filled up to. */
  readonly paddedLength: number | null;
}

/** transformers loads files that say so. */
const METADATA = { format: 'pt' };

/** Writes a model folder for transformers, or an adapter for PEFT; what was trained, and where it is not an adapter all else. */
export async function saveModel(model: TrainingModel, saved: Saved, folder: string): Promise<void> {
  await makeFolder(folder);
  try {
    await writeCompanions(model.companions, folder);
    await writeJson(join(folder, 'config.json'), savedConfig(model, saved));
    if ('lora' in saved.spec.trainable) await saveAdapter(model, saved.spec, folder);
    else await writeSafetensors(join(folder, WEIGHTS), modelTensors(model), METADATA);
  } catch (error) {
    throw fileError(error, folder);
  }
}

const writeJson = (file: string, content: object): Promise<void> =>
  writeFile(file, `${JSON.stringify(content, null, 2)}\n`);

function savedConfig({ folderConfig, scoring }: TrainingModel, { padId, paddedLength }: Saved): object {
  const { torch_dtype: _, ...kept } = folderConfig;
  const architectures = [scoring ? 'GPT2ForSequenceClassification' : 'GPT2LMHeadModel'];
  const config = { ...kept, architectures, dtype: 'float32' };
  if (!scoring) return config;
  const { labels, pooling, hidden, bias } = scoring;
  const lmLab: SavedHead = { pooling, hidden, bias, paddedLength };
  return {
    ...config,
    id2label: Object.fromEntries(labels.map((label, index) => [index, label])),
    label2id: Object.fromEntries(labels.map((label, index) => [label, index])),
    pad_token_id: padId,
    lm_lab: lmLab,
  };
}

function modelTensors({ weights, scoring }: TrainingModel): TensorToWrite[] {
  return [...weights.values()]
    .filter(({ name }) => !scoring || name !== 'lm_head.weight')
    .map(weight => ({ name: inModel(weight.name), dtype: 'F32', shape: weight.shape, data: numbersOf(weight) }));
}

/** What lies in a file is read when its turn comes. */
async function* numbersOf(weight: Weight): AsyncGenerator<Uint8Array> {
  const { values } = await inMemory(weight);
  yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

async function saveAdapter(model: TrainingModel, spec: RunSpec, folder: string): Promise<void> {
  await writeJson(join(folder, ADAPTER_CONFIG), adapterConfig(model, spec));
  const tensors = model.parameters.map(
    ({ name, shape, values }) => ({ name, dtype: 'F32', shape, data: values }) as const,
  );
  await writeSafetensors(join(folder, ADAPTER_WEIGHTS), tensors, METADATA);
}

/** As `LoraConfig.save_pretrained` writes it; fields that are left out take PEFT's defaults. */
function adapterConfig({ folder, scoring }: TrainingModel, { trainable }: RunSpec): object {
  const lora = 'lora' in trainable ? trainable.lora : null;
  return {
    peft_type: 'LORA',
    task_type: scoring ? 'SEQ_CLS' : 'CAUSAL_LM',
    base_model_name_or_path: folder,
    r: lora?.rank,
    lora_alpha: lora?.alpha,
    lora_dropout: lora?.dropout,
    target_modules: lora?.targets,
    fan_in_fan_out: true,
    bias: 'none',
    modules_to_save: scoring ? ['score'] : null,
    inference_mode: true,
  };
}
