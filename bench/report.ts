import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import path from 'node:path';

export interface Row {
  readonly measure: string;
  readonly unit: 's' | 'ms' | 'MB' | 'tokens/s' | 'examples/s' | 'pairs/s' | 'perplexity';
  readonly ours: number;
  /** Of transformers, or of the peer that the suite names; null where the goal is not a comparison. */
  readonly transformers: number | null;
  /** How many times as fast, or how much of the allowed memory is used. */
  readonly ratio: number;
  /** Null: the figure is told and no more. */
  readonly goal: string | null;
  /** Absent where there is no goal. */
  readonly met?: boolean;
}

export interface Report {
  readonly suite: string;
  readonly machine: Machine;
  readonly threads: number;
  readonly repetitions: number;
  /** What was measured, and beside what; absent: GPT-2 with 124 million random weights, beside transformers. */
  readonly subject?: string;
  /** Whom we stand beside; absent: transformers. */
  readonly peer?: string;
  readonly rows: readonly Row[];
}

interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly python: string;
}

export function describeMachine(python: string): Machine {
  const versions =
    'import sys, torch, transformers; print(f"Python {sys.version.split()[0]}, torch {torch.__version__}, transformers {transformers.__version__}")';
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    python: execFileSync(python, ['-c', versions], { encoding: 'utf8' }).trim(),
  };
}

/** A table that stands in the results' Markdown as it is printed. */
export function markdownTable({ rows, peer = 'transformers' }: Pick<Report, 'rows' | 'peer'>): string {
  const figure = (value: number | null, unit: string): string =>
    value === null ? '–' : `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
  return [
    `| measure | LM Lab | ${peer} | ratio | goal | met |`,
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ measure, unit, ours, transformers, ratio, goal, met }) =>
        `| ${measure} | ${figure(ours, unit)} | ${figure(transformers, unit)} | ${ratio.toFixed(2)} | ${goal ?? '–'} | ${goal === null ? '–' : met ? 'yes' : 'no'} |`,
    ),
  ].join('\n');
}

const RANDOM = 'GPT-2 with 124 million random weights';

/** What is said of a suite that times both sides. */
export const besideTransformers = (model: string): string => `${model}, float32, in one run beside transformers`;

/** bench/results/<suite>.md for people, .json for programs. */
export function writeResults(report: Report): void {
  const { machine, threads, repetitions, suite, subject = besideTransformers(RANDOM) } = report;
  const times = repetitions === 1 ? 'one after the other' : `medians of ${repetitions} or more interleaved repetitions`;
  const text = `# Benchmark: ${suite}

${subject}: ${times}, ${threads} threads on both sides. Made by \`npm run bench -- --suite ${suite}\`.

${markdownTable(report)}

${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; Node ${machine.node}; ${machine.python}.
`;
  const folder = path.join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${suite}.md`), text);
  writeFileSync(path.join(folder, `${suite}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
