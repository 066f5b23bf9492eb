import type { Lab } from '../lab.ts';
import { chosenWithSettings, type GivenDataset } from './openDataset.ts';

/** Opens the Annotate panel over a dataset file, with what was set in its Dataset panel where that is open. */
export async function annotate(lab: Lab, given?: GivenDataset): Promise<void> {
  const chosen = await chosenWithSettings(lab, 'Annotate Responses', given);
  if (!chosen) return;
  const { file, given: set = chosen.open?.session.request } = chosen;
  const panel = await lab.panels.annotate();
  await panel.show(set ?? { model: lab.models.activeId, dataset: { file } });
}
