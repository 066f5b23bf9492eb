import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import path from 'node:path';

export interface CudaRow {
  readonly measure: string;
  readonly unit: 'tokens/s' | 'examples/s';
  readonly cuda: number;
  readonly cpu: number;
  /** How many times as fast. */
  readonly ratio: number;
  /** The largest relative difference of a figure. */
  readonly difference: number;
  readonly same: boolean;
}

export interface CudaReport {
  readonly suite: 'cuda';
  readonly device: string;
  readonly host: string;
  readonly rows: readonly CudaRow[];
  /** Which provider of the runtime ran each node of scoring and decoding, as YAML. */
  readonly nodes: string;
}

/** The card and the processor. */
export function describeHost(device: string): string {
  const processor = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`;
  return `${device}: ${device === 'cpu' ? processor : graphicsCards()}; ${processor}; ${platform()} ${arch()}; Node ${process.version}`;
}

function graphicsCards(): string {
  try {
    const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
    return execFileSync('nvidia-smi', query, { encoding: 'utf8' }).trim().replaceAll('\n', '; ');
  } catch {
    return 'a card that nvidia-smi does not tell of';
  }
}

export function cudaTable(rows: readonly CudaRow[]): string {
  const figure = (value: number, unit: string): string =>
    `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
  return [
    '| what | CUDA | CPU | ratio | largest difference | same figures |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ measure, unit, cuda, cpu, ratio, difference, same }) =>
        `| ${measure} | ${figure(cuda, unit)} | ${figure(cpu, unit)} | ${ratio.toFixed(2)} | ${difference.toExponential(1)} | ${same ? 'yes' : 'no'} |`,
    ),
  ].join('\n');
}

/** bench/results/cuda.md for people, .json for programs. */
export function writeCudaResults(report: CudaReport): void {
  const text = `# Benchmark: CUDA

The starter model on a graphics card and on the CPU: the same requests, losses and gradient norms of the first steps compared. Made by \`npm run bench -- --suite cuda\`.

${cudaTable(report.rows)}

${report.host}.

Where the nodes of scoring and decoding ran:

\`\`\`yaml
${report.nodes.trimEnd()}
\`\`\`
`;
  const folder = path.join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'cuda.md'), text);
  writeFileSync(path.join(folder, 'cuda.json'), `${JSON.stringify(report, null, 2)}\n`);
}
