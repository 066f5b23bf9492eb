import type { EngineApi } from '../../protocol/engine.ts';
import type { PromptSize } from '../../protocol/panels/generations.ts';
import type { Models } from '../models/models.ts';

/** How many tokens a prompt is for the active model; null where it can't be told now. */
export async function promptSize(engine: EngineApi, models: Models, prompt: string): Promise<PromptSize | null> {
  const choice = await models.choice();
  if (!choice.ok) return null;
  const tokens = await engine.tokenize({ model: choice.value.model, text: prompt });
  if (!tokens.ok) return null;
  return { tokens: tokens.value.length, contextLength: models.active?.contextLength ?? 0 };
}
