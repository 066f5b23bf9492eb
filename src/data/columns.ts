import { createHash } from 'node:crypto';
import type { ColumnKind } from '../protocol/dataset.ts';
import { type Cell, cellText, type Column, isMissing } from './table.ts';

const MOST_DISTINCT = 1000;
/** A column with more different values, or longer ones on average, holds no labels. */
const MOST_LABELS = 50;
const MOST_NUMBER_LABELS = 20;
const LONGEST_LABEL = 40;

/** Longer values are told apart by a hash. */
const KEY_LENGTH = 64;

type CellKind = Exclude<ColumnKind, 'empty' | 'label'>;

/** Counts what the cells of one column are. */
export class ColumnCounter {
  private missing = 0;
  private present = 0;
  private length = 0;
  private integers = true;
  private readonly kinds = new Map<CellKind, number>();
  private distinct: Set<string> | null = new Set();

  /** `rowsBefore` have no such column. */
  constructor(rowsBefore = 0) {
    this.missing = rowsBefore;
  }

  add(cell: Cell | undefined): void {
    if (isMissing(cell)) {
      this.missing++;
      return;
    }
    const value = cell as Exclude<Cell, null>;
    const text = cellText(value);
    const kind = kindOf(value);
    this.present++;
    this.length += text.length;
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1);
    if (kind === 'number') this.integers &&= Number.isInteger(Number(text));
    this.distinct?.add(text.length <= KEY_LENGTH ? text : createHash('sha1').update(text).digest('base64'));
    if (this.distinct && this.distinct.size > MOST_DISTINCT) this.distinct = null;
  }

  column(name: string): Column {
    return {
      name,
      kind: this.kind(),
      distinct: this.distinct?.size ?? null,
      missing: this.missing,
      meanLength: this.length / Math.max(1, this.present),
    };
  }

  private kind(): ColumnKind {
    if (this.present === 0) return 'empty';
    const [only] = this.kinds.size === 1 ? [...this.kinds.keys()] : ['text' as const];
    if (only !== 'text' && only !== 'number') return only as ColumnKind;
    if (only === 'number' && !this.integers) return 'number';
    return this.isLabel(only === 'number' ? MOST_NUMBER_LABELS : MOST_LABELS) ? 'label' : (only as ColumnKind);
  }

  private isLabel(most: number): boolean {
    const distinct = this.distinct?.size ?? Number.POSITIVE_INFINITY;
    const short = this.length / this.present <= LONGEST_LABEL;
    return distinct <= most && short && (this.present >= 2 * distinct || distinct === 1);
  }
}

function kindOf(value: Exclude<Cell, null>): CellKind {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return isNumeral(value) ? 'number' : 'text';
  if (!Array.isArray(value)) return 'object';
  return value.length > 0 && value.every(isMessage) ? 'messages' : 'list';
}

const isNumeral = (text: string): boolean => /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text);

/** `{"role": …, "content": …}`, or `{"from": …, "value": …}` as ShareGPT has it. */
export const isMessage = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (('role' in value && 'content' in value) || ('from' in value && 'value' in value));
