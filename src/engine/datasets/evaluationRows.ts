import type { EvaluationRows, RowSelection } from '../../evaluation/rows.ts';
import type { Call } from '../../protocol/engine.ts';
import type { EvaluationSpec } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';
import { keptParts } from './kept.ts';
import { type Asked, type DatasetSetting, withRows, withViews } from './setting.ts';

type Work<T> = (rows: EvaluationRows) => Promise<T>;

/** Works with the rows that an evaluation asks for: a part or all, from the first on, as many as it wants. */
export function withEvaluationRows<T>(
  setting: DatasetSetting,
  spec: Pick<EvaluationSpec, 'dataset' | 'part' | 'rows'>,
  call: Call,
  work: Work<T>,
): Promise<T> {
  const { dataset, part } = spec;
  return withRows(setting, { model: '', dataset }, call, async asked => {
    const all: RowSelection = { dataset: asked.view, numbers: null };
    if (part === null) return work(first(all, spec.rows));
    if (!('files' in asked.spec.dataset.split)) return work(await ofPart(asked, spec, part, call));
    if (part === 'train') return work(first(all, spec.rows));
    return withViews(asked, call, async views => {
      const view = views[part];
      if (!view) throw noSuchPart(part);
      return work({ ...first({ dataset: view, numbers: null }, spec.rows), others: all });
    });
  });
}

async function ofPart(
  asked: Asked,
  spec: Pick<EvaluationSpec, 'dataset' | 'part' | 'rows'>,
  part: NonNullable<EvaluationSpec['part']>,
  call: Call,
): Promise<EvaluationRows> {
  const { rows } = await partsOf(asked, call);
  const chosen = first({ dataset: asked.view, numbers: rows[part] }, spec.rows);
  return part === 'train' ? chosen : { ...chosen, others: { dataset: asked.view, numbers: rows.train } };
}

/** Throws as keptParts, with what can be done by whoever wants to evaluate. */
async function partsOf({ dataset, spec, view }: Asked, call: Call): ReturnType<typeof keptParts> {
  const { count } = view.view;
  try {
    return await keptParts(dataset, spec, count, call);
  } catch (error) {
    if (!(error instanceof Reasoned) || error.code !== 'split-part-empty') throw error;
    throw new Reasoned(
      error.code,
      `${count} rows are too few to be split: ${error.message}`,
      'Leave the part away (part), so that all rows are evaluated; or give dataset.split other shares, or files.',
      { cause: error },
    );
  }
}

/** The first so many rows; examples are then drawn from those that follow. */
function first({ dataset, numbers }: RowSelection, most: number | null): EvaluationRows {
  const all = numbers ?? Uint32Array.from({ length: dataset.view.count }, (_, row) => row);
  const count = Math.min(most ?? all.length, all.length);
  return {
    dataset,
    numbers: count === all.length ? numbers : all.subarray(0, count),
    count,
    others: { dataset, numbers: all.subarray(count) },
  };
}

const noSuchPart = (part: string): Reasoned =>
  new Reasoned(
    'split-part-missing',
    `part is ${JSON.stringify(part)}, and dataset.split.files names no file for it.`,
    'Name its file in dataset.split.files, or leave part out to take all rows.',
  );
