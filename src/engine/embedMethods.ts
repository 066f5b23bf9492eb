import { chosenColumn } from '../evaluation/columns.ts';
import { textColumnOf } from '../protocol/evaluation/textColumn.ts';
import { embedTexts } from '../evaluation/probe/embed.ts';
import { type EvaluationRows, readRows } from '../evaluation/rows.ts';
import type { Call } from '../protocol/engine.ts';
import type { EmbeddedRow, EmbeddedRows, EmbedRowsRequest, EvaluationApi } from '../protocol/evaluation/api.ts';
import { progressMeter } from '../protocol/progress.ts';
import { breathe } from '../scoring/evaluate.ts';
import type { Attempt } from './attempts.ts';
import type { WithModel } from './withModel.ts';
import { withEvaluationRows } from './datasets/evaluationRows.ts';
import type { DatasetSetting } from './datasets/setting.ts';
import type { Loaded } from './loadedModels.ts';

const ROWS_AT_ONCE = 64;

/** Texts as vectors. */
export function embedMethods(
  withModel: WithModel,
  setting: DatasetSetting,
  attempt: Attempt,
): Pick<EvaluationApi, 'embed' | 'embedRows'> {
  return {
    embed: ({ texts, pooling, ...choice }, call = {}) =>
      attempt(() =>
        withModel(choice, call, async ({ model, tokenizer }) => {
          const vectors = await embedTexts(model, tokenizer, texts, pooling, call);
          return { vectors: vectors.map(vector => Array.from(vector)) };
        }),
      ),
    embedRows: ({ dataset, part, rows, ...request }, { onUpdate = () => undefined, ...call } = {}) =>
      attempt(() =>
        withEvaluationRows(setting, { dataset, part, rows }, call, selected =>
          withModel(request, call, loaded => embedSelected(selected, request, loaded, onUpdate, call)),
        ),
      ),
  };
}

async function embedSelected(
  rows: EvaluationRows,
  { pooling, column }: Pick<EmbedRowsRequest, 'pooling' | 'column'>,
  { model, tokenizer }: Loaded,
  onUpdate: (rows: readonly EmbeddedRow[]) => void,
  { signal, onProgress }: Call,
): Promise<EmbeddedRows> {
  const chosen = chosenColumn(column ?? textColumnOf(rows.dataset.roles) ?? 'text', rows.dataset, 'column');
  const meter = progressMeter({ message: 'Embedding', unit: 'rows', total: rows.count }, onProgress);
  let leftOut = 0;
  for (let from = 0; from < rows.count; ) {
    await breathe(signal);
    const batch = readRows(rows, from, ROWS_AT_ONCE);
    from += batch.length;
    const texts = batch.flatMap(({ row, cells }) => {
      const own = chosen.text(cells);
      return own === '' ? [] : [{ row, text: own }];
    });
    leftOut += batch.length - texts.length;
    const vectors = await embedTexts(
      model,
      tokenizer,
      texts.map(({ text }) => text),
      pooling,
      { signal },
    );
    onUpdate(texts.map(({ row }, at) => ({ row, vector: Array.from(vectors[at] as Float32Array) })));
    meter.add(batch.length);
  }
  return { device: model.device, rows: rows.count - leftOut, leftOut, width: model.config.width };
}
