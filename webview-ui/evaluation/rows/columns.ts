import { html, nothing } from 'lit';
import { visibleText } from '../../../src/protocol/heat.ts';
import type { ComparedRow, EvaluatedRow } from '../../../src/protocol/evaluation/folder.ts';
import {
  confidenceOf,
  isCompared,
  isJudged,
  isLabelled,
  isLeftOut,
  isProbed,
  isResponse,
} from '../../../src/protocol/evaluation/rows.ts';
import type { ListedRow, RowKey } from '../../../src/protocol/panels/evaluation.ts';
import { count, NONE, percent, perplexity } from '../../shared/format.ts';
import type { Direction } from '../../shared/gridColumns.ts';
import type { PagedCell, PagedColumn } from '../../shared/pagedGrid.ts';
import { shortName } from '../about.ts';
import type { PageContext } from '../context.ts';
import { voteOn } from './votes.ts';

type Column = PagedColumn<ListedRow>;

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
  const { request } = context.evaluation;
  switch (request?.task) {
    case 'prompt':
    case 'classifier':
      return [numbered, leading('text', 'The row’s text', textOf), ...labelColumns(request.task)];
    case 'generate':
      return [numbered, leading('prompt', 'What the model was given', textOf), ...responseColumns(context)];
    case 'judge':
      return [numbered, leading('response', 'What was judged', textOf), ...judgeColumns(context)];
    case 'compare':
      return [numbered, leading('prompt', 'What the models were given', textOf), ...compareColumns(context)];
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

function head(
  title: string,
  meaning: string,
  kind: string,
  width: number,
  grows: number,
): Omit<Column, 'cell' | 'sort'> {
  return { title, meaning, kind, width, grows };
}

/** A row's main text, or why it has none. */
const leading = (title: string, meaning: string, text: (row: EvaluatedRow) => string): Column => ({
  ...head(title, meaning, '', 140, 4),
  cell: ({ found }) => {
    if (!isLeftOut(found)) return written(text(found));
    const icon = html`<span class="codicon codicon-warning" aria-hidden="true"></span>`;
    return { content: html`${icon} <span class="why">${found.leftOut}</span>`, meaning: found.leftOut };
  },
});

function textOf(row: EvaluatedRow): string {
  if (isLabelled(row) || isProbed(row)) return row.text;
  if (isResponse(row) || isCompared(row)) return row.prompt;
  return isJudged(row) ? row.response : '';
}

const written = (text: string | undefined): PagedCell => ({
  content:
    text === undefined || text === ''
      ? html`<span class="nothing">${text === '' ? 'nothing' : NONE}</span>`
      : visibleText(text.trim()),
  kind: 'lines',
});

const EMPTY: PagedCell = { content: '' };

/** A column of those rows that `is` tells. */
function of<Row extends EvaluatedRow>(
  is: (row: EvaluatedRow) => row is Row,
  { title, meaning, width, grows = 0, numeric = false, sort }: ColumnLook,
  cell: (row: Row) => PagedCell,
): Column {
  const kind = numeric ? 'numeric' : '';
  return {
    ...head(title, meaning, kind, width, grows),
    ...(sort && { sort: { name: sort[0], first: sort[1] } }),
    cell: ({ found }) => {
      if (!is(found)) return EMPTY;
      const { kind: own = '', ...shown } = cell(found);
      return { ...shown, kind: `${kind} ${own}` };
    },
  };
}

interface ColumnLook {
  readonly title: string;
  readonly meaning: string;
  readonly width: number;
  readonly grows?: number;
  readonly numeric?: boolean;
  readonly sort?: readonly [RowKey, Direction];
}

function labelColumns(task: string): Column[] {
  return [
    of(
      isLabelled,
      { title: 'label', meaning: 'What the row has', width: 84, sort: ['label', 'ascending'] },
      ({ label }) => ({
        content: label,
        meaning: label,
      }),
    ),
    of(
      isLabelled,
      { title: 'predicted', meaning: 'What the model chose', width: 104, sort: ['predicted', 'ascending'] },
      ({ label, predicted }) => ({
        content: html`<span class="codicon codicon-${label === predicted ? 'check' : 'close'}" role="img" aria-label=${label === predicted ? 'right' : 'wrong'}></span> ${predicted}`,
        kind: label === predicted ? 'right' : 'wrong',
        meaning: predicted,
      }),
    ),
    of(
      isLabelled,
      {
        title: 'confidence',
        meaning: 'The probability of the label that the model chose',
        width: 92,
        numeric: true,
        sort: ['confidence', 'descending'],
      },
      row => ({ content: percent(confidenceOf(row, task)) }),
    ),
  ];
}

function responseColumns({ snapshot }: PageContext): Column[] {
  const several = (snapshot.rows.facets.model?.length ?? 0) > 1;
  const model = of(
    isResponse,
    { title: 'model', meaning: 'Who wrote it', width: 96, sort: ['model', 'ascending'] },
    row => ({
      content: shortName(row.model),
      meaning: row.model,
    }),
  );
  return [
    ...(several ? [model] : []),
    of(isResponse, { title: 'response', meaning: 'What the model wrote', width: 140, grows: 5 }, ({ response }) =>
      written(response),
    ),
    of(isResponse, { title: 'reference', meaning: 'What the row has', width: 110, grows: 3 }, ({ reference }) =>
      written(reference),
    ),
    of(
      isResponse,
      { title: 'tokens', meaning: 'Of the response', width: 66, numeric: true, sort: ['tokens', 'descending'] },
      ({ tokens, finishReason }) => ({
        content: count(tokens),
        meaning: finishReason === 'length' ? 'Cut at the most tokens that were allowed' : `Ended by ${finishReason}`,
        kind: finishReason === 'length' ? 'quiet' : '',
      }),
    ),
  ];
}

function judgeColumns({ snapshot }: PageContext): Column[] {
  const several = (snapshot.rows.facets.column?.length ?? 0) > 1;
  const column = of(
    isJudged,
    { title: 'column', meaning: 'Where the response stands', width: 110, sort: ['column', 'ascending'] },
    row => ({
      content: row.column,
      meaning: row.column,
    }),
  );
  return [
    ...(several ? [column] : []),
    of(
      isJudged,
      { title: 'judge’s answer', meaning: 'What the judge wrote last', width: 110, grows: 3 },
      ({ answer, problem }) =>
        problem === undefined
          ? written(answer)
          : {
              content: html`<span class="codicon codicon-warning" aria-hidden="true"></span> ${problem}`,
              kind: 'lines',
              meaning: problem,
            },
    ),
    of(
      isJudged,
      { title: 'score', meaning: 'From 0 to 100', width: 64, numeric: true, sort: ['score', 'descending'] },
      ({ score }) => ({ content: score === null ? NONE : html`<b>${score}</b>` }),
    ),
    of(
      isJudged,
      {
        title: 'asked',
        meaning: 'How often the judge was asked',
        width: 60,
        numeric: true,
        sort: ['attempts', 'descending'],
      },
      ({ attempts }) => ({ content: count(attempts), kind: attempts > 1 ? '' : 'quiet' }),
    ),
  ];
}

function compareColumns({ evaluation, snapshot }: PageContext): Column[] {
  const { models = [], compare } = evaluation.request ?? {};
  const responses = compare?.of !== 'texts';
  const columns = models.map((model, i) =>
    of(
      isCompared,
      {
        title: shortName(model),
        meaning: responses ? `What ${model} wrote, and its figures` : `Perplexity of the text by ${model}`,
        width: responses ? 130 : 100,
        grows: responses ? 4 : 0,
        numeric: !responses,
        ...(i === 0 && { sort: ['perplexity', 'ascending'] as const }),
      },
      row => modelCell(row, i, responses),
    ),
  );
  const difference = of(
    isCompared,
    {
      title: 'ratio',
      meaning: 'Perplexity of the first model over that of the last: below 1 the first finds the text likelier',
      width: 62,
      numeric: true,
      sort: ['difference', 'descending'],
    },
    row => ({ content: ratioText(row) }),
  );
  const votes = of(
    isCompared,
    { title: 'vote', meaning: 'What people preferred', width: 74 },
    ({ row, models: [a, b] }) => {
      const vote = a && b && voteOn(snapshot.votes, row, [a.model, b.model]);
      return { content: vote ? (vote.better === null ? 'as good' : shortName(vote.better)) : '' };
    },
  );
  return [...columns, difference, ...(responses && snapshot.votes.length > 0 ? [votes] : [])];
}

function modelCell({ models }: ComparedRow, i: number, responses: boolean): PagedCell {
  const one = models[i];
  if (!one) return EMPTY;
  if (!responses) return { content: perplexity(one.perplexity) };
  const figures = [
    one.perplexity !== null && `ppl ${perplexity(one.perplexity)}`,
    one.reward !== undefined && `reward ${one.reward.toFixed(2)}`,
    typeof one.judged === 'number' && `judged ${one.judged}`,
  ].filter(Boolean);
  const checks = one.checks.map(
    passed =>
      html`<span class="codicon codicon-${passed ? 'check' : 'close'} ${passed ? 'passes' : 'fails'}" role="img" aria-label=${passed ? 'passes' : 'fails'}></span>`,
  );
  const { content } = written(one.response);
  return {
    content: html`<div class="cell-text">${content}</div><div class="cell-figures quiet steady">${figures.join(' · ')} ${checks.length > 0 ? checks : nothing}</div>`,
    kind: 'with-figures',
  };
}

export function ratioText({ models }: ComparedRow): string {
  const [first = null, last = null] = [models[0]?.perplexity, models.at(-1)?.perplexity];
  return first === null || last === null || models.length < 2 ? '' : (first / last).toFixed(2);
}

function probeColumns({ snapshot }: PageContext): Column[] {
  const column = of(
    isProbed,
    { title: 'column', meaning: 'Where the text stands', width: 110, sort: ['column', 'ascending'] },
    row => ({
      content: row.column,
    }),
  );
  const group = of(
    isProbed,
    { title: 'group', meaning: 'What it is summed up by', width: 90, sort: ['group', 'ascending'] },
    row => ({
      content: row.group ?? '',
      meaning: row.group ?? undefined,
    }),
  );
  return [
    ...((snapshot.rows.facets.column?.length ?? 0) > 1 ? [column] : []),
    ...((snapshot.rows.facets.group?.length ?? 0) > 0 ? [group] : []),
    of(
      isProbed,
      {
        title: 'perplexity',
        meaning: 'How unsure the model is at each token',
        width: 88,
        numeric: true,
        sort: ['perplexity', 'descending'],
      },
      row => ({ content: perplexity(row.perplexity) }),
    ),
    of(
      isProbed,
      {
        title: 'tokens',
        meaning: 'Scored tokens of the text',
        width: 66,
        numeric: true,
        sort: ['tokens', 'descending'],
      },
      ({ scoredTokens }) => ({ content: count(scoredTokens) }),
    ),
  ];
}
