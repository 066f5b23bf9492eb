import type { Cell } from '../table.ts';

/** The columns of objects, in the order in which their names turn up. */
export class FieldNames {
  readonly names: string[] = [];
  private readonly places = new Map<string, number>();

  /** The values of an object in the order of the columns; null where it has none. Values that are no object stand in `value`. */
  cells(value: unknown): Cell[] {
    const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : wrapped(value);
    const cells: Cell[] = Array.from({ length: this.names.length }, () => null);
    for (const [name, cell] of Object.entries(fields)) {
      let place = this.places.get(name);
      if (place === undefined) {
        place = this.names.push(name) - 1;
        this.places.set(name, place);
      }
      cells[place] = cell as Cell;
    }
    return cells;
  }
}

/** A text by itself is a text, a list of messages a conversation. */
function wrapped(value: unknown): Record<string, unknown> {
  return { [typeof value === 'string' ? 'text' : Array.isArray(value) ? 'messages' : 'value']: value };
}
