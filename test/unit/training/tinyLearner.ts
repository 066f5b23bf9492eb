import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readFloat32, readHeader, writeSafetensors } from '../../../src/models/safetensors.ts';
import type { DropoutKey, Figures, Learner, MicroBatch, Parameter } from '../../../src/training/learner.ts';

const VOCABULARY = 8;
const NAME = 'bigrams';

/** What goes wrong, and when. */
export interface Trouble {
  /** Before the update of this step, and at what. */
  readonly accumulate?: (step: number) => void;
  readonly save?: (folder: string) => Promise<void>;
  readonly loss?: (step: number, loss: number) => number;
}

/**
 * A bigram language model, small enough to be told by its formula: logits of the next token are a row of a table.
 * With dropout, entries of the row are left out at random as the key says.
 */
export class TinyLearner implements Learner {
  readonly device = 'cpu';
  readonly notes = ['A bigram model.'];
  readonly parameters: readonly Parameter[];
  private readonly dropout: number;
  private readonly trouble: Trouble;

  constructor(values: Float32Array, dropout: number, trouble: Trouble = {}) {
    const gradient = new Float32Array(values.length);
    this.parameters = [{ name: NAME, shape: [VOCABULARY, VOCABULARY], values, gradient }];
    this.dropout = dropout;
    this.trouble = trouble;
  }

  static async open(resumeFrom: string | undefined, dropout: number, trouble?: Trouble): Promise<TinyLearner> {
    const stored = resumeFrom === undefined ? undefined : await readHeader(path.join(resumeFrom, 'model.safetensors'));
    const location = stored?.get(NAME);
    const values = location
      ? await readFloat32(location)
      : Float32Array.from({ length: VOCABULARY ** 2 }, (_, i) => Math.sin(i));
    return new TinyLearner(values, dropout, trouble);
  }

  unitsOf(batch: MicroBatch): number {
    return [...pairs(batch)].length;
  }

  async accumulate(batch: MicroBatch, unitsOfStep: number, key: DropoutKey): Promise<Figures> {
    this.trouble.accumulate?.(key.step);
    const { gradient } = this.parameters[0] as Parameter;
    const figures = this.run(batch, key, (cell, change) => {
      gradient[cell] = (gradient[cell] as number) + change / unitsOfStep;
    });
    return { ...figures, lossSum: this.trouble.loss?.(key.step, figures.lossSum) ?? figures.lossSum };
  }

  clearGradients(): void {
    this.parameters[0]?.gradient.fill(0);
  }

  async evaluate(batch: MicroBatch): Promise<Figures> {
    return this.run(batch, null, () => {});
  }

  async decodingModel(): Promise<null> {
    return null;
  }

  async closeDecodingModel(): Promise<void> {}

  async save(folder: string): Promise<void> {
    await writeFile(path.join(folder, 'config.json'), '{}');
    await this.trouble.save?.(folder);
    const [{ name, shape, values }] = this.parameters as [Parameter];
    await writeSafetensors(path.join(folder, 'model.safetensors'), [{ name, shape, dtype: 'F32', data: values }]);
  }

  async dispose(): Promise<void> {}

  private run(batch: MicroBatch, key: DropoutKey | null, onGradient: (cell: number, change: number) => void): Figures {
    const { values } = this.parameters[0] as Parameter;
    let [lossSum, units, right] = [0, 0, 0];
    for (const [before, after] of pairs(batch)) {
      const cells = Array.from({ length: VOCABULARY }, (_, token) => before * VOCABULARY + token);
      const kept = cells.map(cell => (key && this.dropout > 0 && dropped(key, units, cell, this.dropout) ? 0 : 1));
      const logits = cells.map((cell, token) => (values[cell] as number) * (kept[token] as number));
      const largest = Math.max(...logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
      const probabilities = logits.map(logit => Math.exp(logit - largest) / total);
      lossSum -= Math.log(probabilities[after] as number);
      units++;
      right += logits[after] === largest ? 1 : 0;
      for (const [token, cell] of cells.entries())
        onGradient(cell, ((probabilities[token] as number) - (token === after ? 1 : 0)) * (kept[token] as number));
    }
    return { lossSum, units, sums: { accuracy: { sum: right, count: units } }, tokens: units + batch.rows.length };
  }
}

function* pairs({ examples: { ids, offsets }, rows }: MicroBatch): Generator<[number, number]> {
  for (const row of rows)
    for (let at = (offsets[row] as number) + 1; at < (offsets[row + 1] as number); at++)
      yield [ids[at - 1] as number, ids[at] as number];
}

const dropped = ({ seed, step, microBatch }: DropoutKey, unit: number, cell: number, rate: number): boolean =>
  Math.abs(Math.sin(seed + 7.1 * step + 13.3 * microBatch + 17.9 * unit + 23.7 * cell) * 1e4) % 1 < rate;
