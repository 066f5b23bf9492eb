import { readModelChat } from '../../chat/modelTemplates.ts';
import { readConfig } from '../../gpt2/config.ts';
import { expandHome } from '../../models/home.ts';
import { isFolderName } from '../../models/modelNames.ts';
import type { Models } from '../../models/registry.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import { END_OF_TEXT } from '../../tokenizer/definition.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { ExamplesModel } from './rows.ts';

/**
 * The folder of a run's model. One that starts from random weights needs none in its folder, which then need not be a
 * model that could be used. Throws `model-missing` and the reasons of the models list.
 */
export async function modelFolder(
  { model, initialize }: Pick<RunSpec, 'model' | 'initialize'>,
  models: Pick<Models, 'resolve'>,
): Promise<string> {
  if (model === '')
    throw new Reasoned('model-missing', 'No model is chosen.', 'Choose a model: set the field "model".');
  if (initialize === 'random' && isFolderName(model)) return expandHome(model);
  return (await models.resolve(model)).folder;
}

/** What of a model folder decides how rows are encoded. */
export async function examplesModel(folder: string, tokenizer: Tokenizer): Promise<ExamplesModel> {
  const { positions } = await readConfig(folder);
  const chat = await readModelChat(folder, tokenizer.endOfText === null ? undefined : END_OF_TEXT);
  return { folder, contextLength: positions, tokenizer, chat };
}
