import type { Call, EngineApi, ModelChoice } from '../protocol/engine.ts';
import { valueOf } from '../protocol/result.ts';

/** Loads the model that is asked about tokens, and says so where it was trained to tell labels apart. */
export async function loadWithNote(engine: EngineApi, choice: ModelChoice, call: Call): Promise<void> {
  const { entry } = await valueOf(engine.load(choice, call));
  if (!entry.labels) return;
  console.error(
    `${entry.id} is a classifier (${entry.labels.join(', ')}): it was trained to label texts, not to predict tokens.`,
  );
}
