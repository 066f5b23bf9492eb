import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { MetricsLine, RunStatus } from '../../../../src/protocol/run/folder.ts';
import type { RunRequest, TrainingSpec } from '../../../../src/protocol/run/spec.ts';
import { writeExamples } from '../../../../src/training/examples/files.ts';
import { openLearner } from '../../../../src/training/learner/open.ts';
import { runTraining } from '../../../../src/training/run/runTraining.ts';
import { manyExamples } from '../examples.ts';

export const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-runs-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A run folder whose examples are prepared: 40 rows for training and 6 for validation. */
export async function runFolder(
  name: string,
  training: Partial<TrainingSpec> = {},
  others: Partial<RunRequest> = {},
): Promise<string> {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  const request: RunRequest = {
    method: 'lm',
    model: './starting',
    dataset: { file: 'data.txt' },
    training: { learningRate: 0.02, ...training },
    ...others,
  };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(request));
  await writeExamples(path.join(folder, 'data', 'train.safetensors'), manyExamples(40));
  await writeExamples(path.join(folder, 'data', 'validation.safetensors'), manyExamples(6));
  return folder;
}

/** Trains a run whose examples are prepared. `stopAfter`: the step in which a file asks to stop. */
export const trained = (folder: string, stopAfter?: number) =>
  runTraining(folder, {
    prepare: async () => {},
    async openLearner(spec, source) {
      const learner = await openLearner(spec, source);
      const accumulate = learner.accumulate.bind(learner);
      learner.accumulate = (batch, units, key) => {
        if (key.step === stopAfter) writeFileSync(path.join(folder, 'stop'), '');
        return accumulate(batch, units, key);
      };
      return learner;
    },
  });

/** The lines of metrics without what is a time. */
export function metricsOf(folder: string): Array<Partial<MetricsLine>> {
  const lines = readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map(line => {
    const { elapsedSeconds, tokensPerSecond, ...rest } = JSON.parse(line) as MetricsLine;
    return elapsedSeconds >= 0 && tokensPerSecond >= 0 ? rest : {};
  });
}

export const statusOf = (folder: string): RunStatus =>
  JSON.parse(readFileSync(path.join(folder, 'status.json'), 'utf8')) as RunStatus;

/** Everything in a folder, names alone. */
export const namesIn = (...parts: readonly string[]): string[] => readdirSync(path.join(...parts)).sort();

export const weightsOf = (folder: string): Buffer => readFileSync(path.join(folder, 'model', 'model.safetensors'));
