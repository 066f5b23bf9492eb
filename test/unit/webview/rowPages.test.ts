import { expect, test } from 'vitest';
import { PAGE_ROWS, RowPages } from '../../../webview-ui/shared/rowPages.ts';

const TOTAL = 1_000_000;
const page = (from: number, mark: string) => ({
  columns: ['text'],
  total: TOTAL,
  rows: Array.from({ length: PAGE_ROWS }, (_, i) => ({ row: from + i, source: from + i, cells: [{ text: mark }] })),
});

function asking() {
  const asked: Array<readonly [number, number]> = [];
  const rows = new RowPages<ReturnType<typeof page>['rows'][number], ReturnType<typeof page>>((version, from) =>
    asked.push([version, from]),
  );
  rows.begin(1);
  rows.receive(1, 0, page(0, 'first'));
  return { rows, asked };
}

test('pages are asked for once, as they are wanted', () => {
  const { rows, asked } = asking();
  rows.want(150, 320);
  rows.want(180, 350);
  expect(asked).toEqual([0, 100, 200, 300].map(from => [1, from]));
  expect(rows.row(42)?.row.row).toBe(42);
  expect(rows.row(150)).toBeUndefined();
});

test('rows of before stand in until those of the new version come; what comes late for the old one is dropped', () => {
  const { rows } = asking();
  rows.begin(2);
  expect(rows.row(5)).toMatchObject({ stale: true });
  rows.receive(1, 0, page(0, 'late'));
  expect(rows.row(5)).toMatchObject({ stale: true, row: { cells: [{ text: 'first' }] } });
  rows.receive(2, 0, page(0, 'second'));
  expect(rows.row(5)).toMatchObject({ stale: false, row: { cells: [{ text: 'second' }] } });
});

test('who scrolls through a million rows keeps a few thousand, and what was forgotten is asked for again', () => {
  const { rows, asked } = asking();
  for (let from = 0; from < TOTAL; from += 5000) {
    rows.want(from, from + 30);
    rows.receive(1, from, page(from, 'scrolled'));
  }
  const held = Array.from({ length: TOTAL / PAGE_ROWS }, (_, i) => rows.row(i * PAGE_ROWS)).filter(Boolean).length;
  expect(held).toBeLessThan(60);
  const before = asked.length;
  rows.want(0, 30);
  expect(asked.slice(before)).toEqual([[1, 0]]);
});
