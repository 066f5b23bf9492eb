import type { EvaluatedRow } from '../../../src/protocol/evaluation/folder.ts';
import {
  isCompared,
  isJudged,
  isLabelled,
  isLeftOut,
  isProbed,
  isResponse,
} from '../../../src/protocol/evaluation/rows.ts';
import { count } from '../../shared/format.ts';
import { sharedStart } from '../../shared/sharedStart.ts';
import type { PageContext } from '../context.ts';
import { type Column, head, leading } from './column.ts';
import { compareColumns } from './compareColumns.ts';
import { labelColumns } from './labelColumns.ts';
import { probeColumns } from './probeColumns.ts';
import { judgeColumns, responseColumns } from './responseColumns.ts';

/** Heights of a row by how many lines of text it shows. */
const LINES_PIXELS = { one: 22, two: 42, four: 78 } as const;

/** Rows that are read have more lines than those that are looked through. */
export function rowPixelsOf({ evaluation }: PageContext): number {
  const { task, compare } = evaluation.request ?? {};
  if (task === 'generate' || (task === 'compare' && compare?.of !== 'texts')) return LINES_PIXELS.four;
  return task === 'judge' || task === 'compare' ? LINES_PIXELS.two : LINES_PIXELS.one;
}

/** The columns of a task's rows. */
export function columnsOf(context: PageContext): Column[] {
  const prompts = firstPrompts(context);
  const start = (prompts[0] ?? '').slice(0, sharedStart(prompts));
  const prompt = (row: EvaluatedRow): string => {
    const text = textOf(row);
    return start !== '' && text.startsWith(start) ? `… ${text.slice(start.length)}` : text;
  };
  const { request } = context.evaluation;
  switch (request?.task) {
    case 'prompt':
    case 'classifier':
      return [numbered, leading('text', 'The row’s text', textOf), ...labelColumns(request.task)];
    case 'generate':
      return [numbered, leading('prompt', 'What the model was given', prompt), ...responseColumns(context)];
    case 'judge':
      return [numbered, leading('response', 'What was judged', textOf), ...judgeColumns(context)];
    case 'compare':
      return [
        numbered,
        request.compare?.of === 'texts'
          ? leading('text', 'The row’s text', prompt)
          : leading('prompt', 'What the models were given', prompt),
        ...compareColumns(context),
      ];
    default:
      return [numbered, leading('text', 'The text', textOf), ...probeColumns(context)];
  }
}

const numbered: Column = {
  ...head('#', 'The row’s number after the steps', 'numeric', 58, 0),
  sort: { name: 'row', first: 'ascending' },
  cell: ({ found: { row, line } }) => ({
    content: count(row + 1),
    kind: 'numeric quiet',
    meaning: line === undefined ? undefined : `Line ${count(line)} of the file`,
  }),
};

/** Of the first rows that have come: what all of them begin with, such as a template, is not read again and again. */
function firstPrompts({ rows }: PageContext): string[] {
  const found = Array.from({ length: 20 }, (_, at) => rows.row(at)?.row.found).filter(row => row !== undefined);
  return found.filter(row => !isLeftOut(row)).map(textOf);
}

function textOf(row: EvaluatedRow): string {
  if (isLabelled(row) || isProbed(row)) return row.text;
  if (isResponse(row) || isCompared(row)) return row.prompt;
  return isJudged(row) ? row.response : '';
}
