import type { GenerationsSnapshot, PromptSize } from '../../protocol/panels/generations.ts';
import type * as vscode from 'vscode';
import type { Generations } from '../generation/generations.ts';
import { PRESETS } from '../generation/presets.ts';
import { history, namedSettings } from '../generation/session.ts';
import type { Models } from '../models/models.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';

/** All that the page shows, from what is known now. */
export const generationsSnapshot = (
  generations: Generations,
  models: Models,
  memory: vscode.Memento,
  { promptSize, canInsert }: { readonly promptSize: PromptSize | null; readonly canInsert: boolean },
): GenerationsSnapshot => ({
  ...generations.session,
  ...modelsOf(models),
  activeModel: models.activeId,
  promptSize,
  canInsert,
  presets: PRESETS,
  named: namedSettings(memory),
  history: history(memory),
});
