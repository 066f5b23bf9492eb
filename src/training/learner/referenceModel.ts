import { gpt2Config } from '../../gpt2/config.ts';
import { readFolderConfig } from '../../models/config.ts';
import { exists } from '../../models/files.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { frozenModel } from './assemble.ts';
import type { TrainingModel } from './model.ts';

/** `own`: the folder of a model to compare with; null: the one that the run began with, in `started`. */
export async function referenceModel(
  spec: RunSpec,
  started: string,
  own: string | null,
  signal?: AbortSignal,
): Promise<TrainingModel> {
  if (!(await exists(own ?? started))) throw gone(spec, own ?? started);
  const json = await readFolderConfig(own ?? started);
  const config = gpt2Config(json, own ?? started);
  if (own === null) return frozenModel(spec, { config, json }, { folder: started, ...(signal && { signal }) });
  const { vocabularySize, positions } = gpt2Config(await readFolderConfig(started), started);
  if (config.vocabularySize !== vocabularySize || config.positions < positions) {
    throw new Reasoned(
      'reference-unfit',
      `${spec.method}.reference, "${own}", has ${config.vocabularySize} tokens in its vocabulary and ${config.positions} in its context; the model has ${vocabularySize} and ${positions}.`,
      'Take a reference of the same family, or leave it out: it is then the model that training starts from.',
    );
  }
  return frozenModel({ ...spec, initialize: 'weights' }, { config, json }, { folder: own, ...(signal && { signal }) });
}

const gone = ({ method }: RunSpec, folder: string): Reasoned =>
  new Reasoned(
    'reference-missing',
    `${method} compares with a model that is not there: "${folder}".`,
    'Put it back; a run that has begun can then be gone on with.',
  );
