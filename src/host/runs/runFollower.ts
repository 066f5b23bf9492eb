import { join } from 'node:path';
import { type MetricsLine, RUN_FILES, type SampleLine } from '../../protocol/run/folder.ts';
import { GrowingFile, parsedLines } from '../../protocol/run/growingFile.ts';
import { MetricsTable } from '../../protocol/run/metrics.ts';

/** What came to a run's metrics and samples: lines from these numbers on are new. */
export interface RunGrowth {
  readonly metricsFrom: number;
  readonly samplesFrom: number;
}

/** Reads a run's metrics and samples as they grow. */
export class RunFollower {
  readonly folder: string;
  readonly metrics = new MetricsTable();
  readonly samples: SampleLine[] = [];
  readonly #metricsFile: GrowingFile;
  readonly #samplesFile: GrowingFile;

  constructor(folder: string) {
    this.folder = folder;
    this.#metricsFile = new GrowingFile(join(folder, RUN_FILES.metrics));
    this.#samplesFile = new GrowingFile(join(folder, RUN_FILES.samples));
  }

  /** Reads what is new; undefined where nothing is. After a cut all is. Long files are read with pauses for others. */
  async read(): Promise<RunGrowth | undefined> {
    let growth: RunGrowth | undefined;
    for (;;) {
      const [metrics, samples] = await Promise.all([this.#metricsFile.read(), this.#samplesFile.read()]);
      if (metrics.restarted) this.metrics.clear();
      if (samples.restarted) this.samples.length = 0;
      const cut = metrics.restarted || samples.restarted;
      if (!cut && metrics.lines.length === 0 && samples.lines.length === 0) return growth;
      growth = {
        metricsFrom: Math.min(growth?.metricsFrom ?? this.metrics.length, this.metrics.length),
        samplesFrom: Math.min(growth?.samplesFrom ?? this.samples.length, this.samples.length),
      };
      this.metrics.append(parsedLines<MetricsLine>(metrics.lines));
      for (const sample of parsedLines<SampleLine>(samples.lines)) this.samples.push(sample);
    }
  }
}
