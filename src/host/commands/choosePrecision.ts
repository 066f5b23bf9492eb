import type { ModelEntry } from '../../protocol/engine.ts';
import { type Precision, PRECISION_MEANING, PRECISIONS, weightBytes } from '../../protocol/precision.ts';
import { bytes } from '../format.ts';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';
import { withProgress } from '../progress.ts';
import { showReason } from '../showReason.ts';
import { type ModelRow, pickModel } from './pickModel.ts';

/**
 * Loads a model in a precision, and keeps the choice if that succeeds: who waits can cancel, and the next question is
 * quick.
 */
export async function choosePrecision(lab: Lab, row?: ModelRow): Promise<void> {
  const entry = await pickModel(lab, row, 'Choose Precision');
  if (!entry) return;
  const precision = await pickPrecision(entry);
  if (!precision) return;
  const choice = await lab.models.choice(entry.id);
  if (!choice.ok) return showReason(choice.error);
  const title = `${entry.id} in ${precision}, about ${memoryOf(entry, precision)} of memory`;
  const loaded = await withProgress(title, call => lab.engine.load({ ...choice.value, precision }, call));
  if (!loaded.ok) return showReason(loaded.error);
  const chosen = await lab.models.setPrecision(entry.id, precision);
  if (!chosen.ok) return showReason(chosen.error);
  if (chosen.value.active) lab.models.ranOn(loaded.value.device);
}

async function pickPrecision(entry: ModelEntry): Promise<Precision | undefined> {
  const now = entry.precision ?? 'f32';
  const items = PRECISIONS.map(precision => ({
    precision,
    label: `$(${precision === now ? 'check' : 'blank'}) ${precision}`,
    description: `about ${memoryOf(entry, precision)} of memory`,
    detail: PRECISION_MEANING[precision],
  }));
  const options = {
    title: `Precision of ${entry.id}`,
    placeHolder: 'In which precision are its weights kept in memory?',
  };
  return (await pickOne(items, options))?.precision;
}

const memoryOf = ({ parameters }: ModelEntry, precision: Precision): string =>
  bytes(weightBytes(parameters, precision));
