import { reveal } from '../folders/reveal.ts';
import type { Lab } from '../lab.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

export async function revealModel(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Reveal Model Folder');
  if (entry) await reveal(entry.folder);
}
