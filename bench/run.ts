// node bench/run.ts [--suite score|generate|train] [--json]: times LM Lab beside transformers, and writes bench/results/.
// Without a suite all are run, one after the other.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cancelled, Reasoned, reasonOf } from '../src/protocol/result.ts';
import { pythonWithTransformers, ROOT, randomModel } from './environment.ts';
import { describeMachine, markdownTable, type Report, type Row, writeResults } from './report.ts';
import { generateSuite } from './suites/generate.ts';
import { scoreSuite } from './suites/score.ts';
import { trainSuite } from './suites/train.ts';

export interface Bench {
  readonly python: string;
  /** The model's folder. */
  readonly model: string;
  /** The built command line. */
  readonly cli: string;
  readonly signal: AbortSignal;
}

/** What a suite found. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly threads: number;
  readonly repetitions: number;
}

type Suite = (bench: Bench) => Promise<Measured>;

const SUITES: Readonly<Record<string, Suite>> = { score: scoreSuite, generate: generateSuite, train: trainSuite };

async function run(name: string, signal: AbortSignal): Promise<Report> {
  const suite = SUITES[name];
  if (!suite)
    throw new Reasoned(
      'suite-unknown',
      `There is no suite “${name}”.`,
      `The suites are ${Object.keys(SUITES).join(', ')}.`,
    );
  const cli = path.join(ROOT, 'dist', 'cli.js');
  if (!existsSync(cli)) throw new Reasoned('build-missing', 'dist/cli.js is not built.', 'Run npm run build first.');
  const python = await pythonWithTransformers(signal);
  const model = await randomModel(python, signal);
  const measured = await suite({ python, model, cli, signal });
  return { suite: name, machine: describeMachine(python), ...measured };
}

const abort = new AbortController();
process.once('SIGINT', () => abort.abort(cancelled()));
const { values } = parseArgs({
  options: { suite: { type: 'string' }, json: { type: 'boolean', default: false } },
});
try {
  const reports: Report[] = [];
  for (const suite of values.suite === undefined ? Object.keys(SUITES) : [values.suite]) {
    const report = await run(suite, abort.signal);
    writeResults(report);
    reports.push(report);
    if (!values.json) console.log(`${markdownTable(report.rows)}\n`);
  }
  if (values.json) console.log(JSON.stringify({ suites: reports }));
} catch (error) {
  const { message, remedy } = reasonOf(abort.signal.aborted ? abort.signal.reason : error);
  console.error(`${message}\n${remedy}`);
  process.exitCode = abort.signal.aborted ? 130 : 1;
}
