import type { Lab } from '../lab.ts';
import { showReason } from '../showReason.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/** Makes a model the active one: hover and scoring take it from then on. */
export async function useModel(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Use Model');
  if (!entry) return;
  const used = await lab.models.use(entry.id);
  if (!used.ok) await showReason(used.error);
}
