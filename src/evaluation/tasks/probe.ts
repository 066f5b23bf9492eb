import type { ViewRow } from '../../data/view.ts';
import type { ProbedRow } from '../../protocol/evaluation/folder.ts';
import type { ProbeTask } from '../../protocol/evaluation/request.ts';
import { textColumnOf } from '../../protocol/evaluation/textColumn.ts';
import { Reasoned } from '../../protocol/result.ts';
import { scoreTexts } from '../../scoring/score.ts';
import { type ChosenColumn, chosenColumn } from '../columns.ts';
import { groups } from '../probe/groups.ts';
import { projectionOf } from '../probe/projection.ts';
import type { EvaluationRows } from '../rows.ts';
import { type Evaluator, firstModel, rowBase, type Task, type TaskSetting } from '../task.ts';

/** What a dataset's texts are like to a model. */
export const probe: Task<ProbedRow> = {
  name: 'probe',
  doing: 'Probing',
  models: ({ models }) => models.slice(0, 1),
  linesOfRow: ({ probe }) => Math.max(1, probe?.columns.length ?? 0),
  open,
};

async function open({ spec, rows, models, signal, onProgress }: TaskSetting): Promise<Evaluator<ProbedRow>> {
  const { by, embeddings, columns: names } = spec.probe as ProbeTask;
  const { model, tokenizer } = firstModel(models);
  const columns = chosen(names, rows);
  const group = by === null ? null : grouping(by, rows);
  const projection =
    embeddings === null
      ? null
      : await projectionOf(rows, columns, { model, tokenizer }, { pooling: embeddings, signal, onProgress });
  return {
    rowsAtOnce: 64,
    async *evaluate(batch) {
      const { empty, probed } = textsOf(batch, columns);
      if (empty.length > 0) yield empty.map(row => ({ ...rowBase(row), leftOut: 'it has no text in these columns' }));
      const texts = probed.map(({ text }) => text);
      const scored = await scoreTexts(model, tokenizer, texts, { firstToken: 'unscored', top: 0, signal });
      const places = new Map<string, readonly [number, number]>();
      const written = texts.filter(text => text !== '');
      for (const [at, place] of ((await projection?.of(written)) ?? []).entries()) places.set(written[at] ?? '', place);
      yield probed.map(({ row, column, text }, at) => {
        const { perplexity, negativeLogLikelihood, scoredTokens, bitsPerByte, tokens } = scored[
          at
        ] as (typeof scored)[number];
        const place = places.get(text);
        return {
          ...rowBase(row),
          column,
          group: group && (group.text(row.cells) || null),
          text,
          tokens: tokens.length,
          perplexity,
          negativeLogLikelihood,
          scoredTokens,
          bitsPerByte,
          ...(place && { projected: place }),
        };
      });
    },
    async summarise(found) {
      const all = groups();
      for await (const row of found) all.add(row);
      const explained = projection?.explained;
      return { task: 'probe', groups: all.result(), ...(explained && { projection: { explained } }) };
    },
  };
}

/** The texts of rows, all columns of a row one after the other; rows without any text apart. */
function textsOf(batch: readonly ViewRow[], columns: readonly ChosenColumn[]) {
  const rows = batch.map(row => columns.map(({ name, text }) => ({ row, column: name, text: text(row.cells) })));
  const isEmpty = (texts: (typeof rows)[number]): boolean => texts.every(({ text }) => text === '');
  return {
    empty: batch.filter((_, at) => isEmpty(rows[at] ?? [])),
    probed: rows.filter(texts => !isEmpty(texts)).flat(),
  };
}

/** Without names, the column that is the text. */
function chosen(names: readonly string[], { dataset }: EvaluationRows): ChosenColumn[] {
  const all = names.length > 0 ? names : [textColumnOf(dataset.roles) ?? []].flat();
  if (all.length > 0) return all.map(name => chosenColumn(name, dataset, 'probe.columns'));
  throw new Reasoned(
    'column-missing',
    'probe.columns names no column, and none is known to be the text.',
    `Name at least one of ${dataset.view.columns.join(', ')}.`,
  );
}

/** Throws `probe-groups-many` where nearly every row would be a group of its own. */
function grouping(by: string, { dataset }: EvaluationRows): ChosenColumn {
  const column = chosenColumn(by, dataset, 'probe.by');
  if (dataset.view.column(column.name)?.distinct !== null) return column;
  throw new Reasoned(
    'probe-groups-many',
    `The column "${column.name}" has more than 1,000 different values to group by.`,
    'Choose a column with labels.',
  );
}
