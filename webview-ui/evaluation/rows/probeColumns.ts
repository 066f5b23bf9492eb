import { isProbed } from '../../../src/protocol/evaluation/rows.ts';
import { count, perplexity } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { type Column, columnOf } from './column.ts';

/** Of texts: where they stand, and how likely they are. */
export function probeColumns({ snapshot }: PageContext): Column[] {
  const column = columnOf(
    isProbed,
    { title: 'column', meaning: 'Where the text stands', width: 110, sort: ['column', 'ascending'] },
    row => ({
      content: row.column,
    }),
  );
  const group = columnOf(
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
    columnOf(
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
    columnOf(
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
