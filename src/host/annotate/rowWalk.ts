import type { DatasetApi, DatasetPrompt, DatasetRequest } from '../../protocol/dataset.ts';
import type { AnnotationSettings } from '../../protocol/annotations/settings.ts';
import { valueOf } from '../../protocol/result.ts';
import { drawnOrder } from './drawn.ts';

/** Prompts that are asked for at once. */
const PAGE = 50;

export interface PromptOfRow {
  readonly row: number;
  readonly prompt: string;
}

/** The prompts of a dataset in the order in which they are judged. */
export class RowWalk {
  readonly #order: readonly number[];
  readonly #page: (rows: readonly number[]) => Promise<readonly DatasetPrompt[]>;
  #at = 0;
  #waiting: PromptOfRow[] = [];

  private constructor(order: readonly number[], page: (rows: readonly number[]) => Promise<readonly DatasetPrompt[]>) {
    this.#order = order;
    this.#page = page;
  }

  /** Reads the file. Throws the engine's reasons. */
  static async begin(
    engine: Pick<DatasetApi, 'datasetPrompts'>,
    dataset: DatasetRequest,
    { order, rows, seed }: AnnotationSettings,
    signal: AbortSignal,
  ): Promise<RowWalk> {
    const ask = (rows: readonly number[]) => valueOf(engine.datasetPrompts({ dataset, rows }, { signal }));
    const { total } = await ask([]);
    const all = order === 'file' ? [...Array(total).keys()] : drawnOrder(total, seed, 'rows');
    return new RowWalk(all.slice(0, rows ?? total), async rows => (await ask(rows)).prompts);
  }

  /** Rows that are gone through in all. */
  get total(): number {
    return this.#order.length;
  }

  /** The next row that has a prompt and is wanted; undefined at the end. */
  async next(isWanted: (prompt: string) => boolean): Promise<PromptOfRow | undefined> {
    for (;;) {
      const waiting = this.#waiting.shift();
      if (waiting && isWanted(waiting.prompt)) return waiting;
      if (waiting) continue;
      const rows = this.#order.slice(this.#at, this.#at + PAGE);
      if (rows.length === 0) return undefined;
      this.#at += rows.length;
      this.#waiting = (await this.#page(rows)).flatMap(one => ('prompt' in one ? [one] : []));
    }
  }
}
