import type {
  CurvesData,
  TrainingCurvesMessage,
  TrainingCurvesSnapshot,
} from '../../../src/protocol/panels/trainingCurves.ts';
import type { SampleLine } from '../../../src/protocol/run/folder.ts';
import { MetricsTable } from '../../../src/protocol/run/metrics.ts';

/** What the page was told, with the metrics put together. */
export class CurvesStore {
  snapshot: Pick<TrainingCurvesSnapshot, 'runs' | 'others'> | null = null;
  /** Counts what came, so that whatever is drawn knows that it is old. */
  version = 0;
  readonly #metrics = new Map<string, MetricsTable>();
  readonly #samples = new Map<string, SampleLine[]>();

  metrics(folder: string): MetricsTable {
    return this.#metrics.get(folder) ?? new MetricsTable();
  }

  samples(folder: string): readonly SampleLine[] {
    return this.#samples.get(folder) ?? [];
  }

  receive(message: TrainingCurvesMessage): void {
    this.version++;
    switch (message.type) {
      case 'snapshot':
        this.snapshot = message.snapshot;
        this.#metrics.clear();
        this.#samples.clear();
        for (const data of message.snapshot.data) this.#take(data, 0);
        return;
      case 'runs':
        this.snapshot = message;
        return;
      case 'grown':
        this.#take(message.data, message.samplesFrom);
    }
  }

  #take({ folder, metrics, samples }: CurvesData, samplesFrom: number): void {
    const table = this.#metrics.get(folder) ?? new MetricsTable();
    // What came before the first snapshot is in it.
    if (metrics.from > table.length) return;
    table.add(metrics);
    this.#metrics.set(folder, table);
    this.#samples.set(folder, [...this.samples(folder).slice(0, samplesFrom), ...samples]);
  }
}
