import type { RowKey, RowQuery } from '../../../src/protocol/panels/evaluation.ts';
import type { Direction } from '../../shared/gridColumns.ts';

/** A title chosen again turns the order round, and a third time gives up on it. */
export function nextSort(sort: RowQuery['sort'], key: RowKey, first: Direction): RowQuery['sort'] {
  if (sort?.key !== key) return { key, direction: first };
  if (sort.direction !== first) return null;
  return { key, direction: first === 'ascending' ? 'descending' : 'ascending' };
}
