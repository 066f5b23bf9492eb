import { html } from 'lit';
import { isJudged, isResponse } from '../../../src/protocol/evaluation/rows.ts';
import { count, NONE } from '../../shared/format.ts';
import { shortName } from '../about.ts';
import type { PageContext } from '../context.ts';
import { type Column, columnOf, written } from './column.ts';

/** Of responses: who wrote what, beside the reference. */
export function responseColumns({ snapshot }: PageContext): Column[] {
  const several = (snapshot.rows.facets.model?.length ?? 0) > 1;
  const model = columnOf(
    isResponse,
    { title: 'model', meaning: 'Who wrote it', width: 96, sort: ['model', 'ascending'] },
    row => ({
      content: shortName(row.model),
      meaning: row.model,
    }),
  );
  return [
    ...(several ? [model] : []),
    columnOf(isResponse, { title: 'response', meaning: 'What the model wrote', width: 140, grows: 5 }, ({ response }) =>
      written(response),
    ),
    columnOf(isResponse, { title: 'reference', meaning: 'What the row has', width: 110, grows: 3 }, ({ reference }) =>
      written(reference),
    ),
    columnOf(
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

/** Of judged responses: the judge's answer and its score. */
export function judgeColumns({ snapshot }: PageContext): Column[] {
  const several = (snapshot.rows.facets.column?.length ?? 0) > 1;
  const column = columnOf(
    isJudged,
    { title: 'column', meaning: 'Where the response stands', width: 110, sort: ['column', 'ascending'] },
    row => ({
      content: row.column,
      meaning: row.column,
    }),
  );
  return [
    ...(several ? [column] : []),
    columnOf(
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
    columnOf(
      isJudged,
      { title: 'score', meaning: 'From 0 to 100', width: 64, numeric: true, sort: ['score', 'descending'] },
      ({ score }) => ({ content: score === null ? NONE : html`<b>${score}</b>` }),
    ),
    columnOf(
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
