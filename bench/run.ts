// node bench/run.ts [--suite score|generate|precision|train|medium|zero-shot|xl|cuda] [--json]: times LM Lab beside transformers,
// llama.cpp (xl), or on CUDA the CPU, and writes bench/results/. Without a suite all are run, one after the other.
import { parseArgs } from 'node:util';
import { cancelled, Reasoned, reasonOf } from '../src/protocol/result.ts';
import { commandLine, pythonWithTransformers, randomModel } from './environment.ts';
import { describeMachine, markdownTable, type Report, type Row, writeResults } from './report.ts';
import { cudaSuite } from './suites/cuda.ts';
import { generateSuite } from './suites/generate.ts';
import { mediumSuite } from './suites/medium.ts';
import { precisionSuite } from './suites/precision.ts';
import { scoreSuite } from './suites/score.ts';
import { trainSuite } from './suites/train.ts';
import { xlSuite } from './suites/xl.ts';
import { zeroShotSuite } from './suites/zeroShot.ts';

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
  /** What was measured, and beside what; absent: GPT-2 with 124 million random weights, beside transformers. */
  readonly subject?: string;
  /** Whom we stand beside; absent: transformers. */
  readonly peer?: string;
}

type Suite = (bench: Bench) => Promise<Measured>;

/** For programs, and for people. */
export interface Outcome {
  readonly report: object;
  readonly table: string;
}

const besideTransformers =
  (name: string, suite: Suite) =>
  async (signal: AbortSignal): Promise<Outcome> => {
    const cli = commandLine();
    const python = await pythonWithTransformers(signal);
    const model = await randomModel(python, signal);
    const measured = await suite({ python, model, cli, signal });
    const report: Report = { suite: name, machine: describeMachine(python), ...measured };
    writeResults(report);
    return { report, table: markdownTable(report) };
  };

const SUITES: Readonly<Record<string, (signal: AbortSignal) => Promise<Outcome>>> = {
  score: besideTransformers('score', scoreSuite),
  generate: besideTransformers('generate', generateSuite),
  precision: besideTransformers('precision', precisionSuite),
  train: besideTransformers('train', trainSuite),
  medium: besideTransformers('medium', mediumSuite),
  'zero-shot': besideTransformers('zero-shot', zeroShotSuite),
  xl: besideTransformers('xl', xlSuite),
  cuda: cudaSuite,
};

async function run(name: string, signal: AbortSignal): Promise<Outcome> {
  const suite = SUITES[name];
  if (suite) return suite(signal);
  throw new Reasoned(
    'suite-unknown',
    `There is no suite “${name}”.`,
    `The suites are ${Object.keys(SUITES).join(', ')}.`,
  );
}

/** Undefined where the suite is one of all, and this machine has not what it is about. */
async function runOrPassOver(name: string, signal: AbortSignal): Promise<Outcome | undefined> {
  try {
    return await run(name, signal);
  } catch (error) {
    if (reasonOf(error).code !== 'cuda-missing' || values.suite !== undefined) throw error;
    console.error(reasonOf(error).message);
    return undefined;
  }
}

const abort = new AbortController();
process.once('SIGINT', () => abort.abort(cancelled()));
const { values } = parseArgs({
  options: { suite: { type: 'string' }, json: { type: 'boolean', default: false } },
});
try {
  const reports: object[] = [];
  for (const suite of values.suite === undefined ? Object.keys(SUITES) : [values.suite]) {
    const outcome = await runOrPassOver(suite, abort.signal);
    if (!outcome) continue;
    reports.push(outcome.report);
    if (!values.json) console.log(`${outcome.table}\n`);
  }
  if (values.json) console.log(JSON.stringify({ suites: reports }));
} catch (error) {
  const { message, remedy } = reasonOf(abort.signal.aborted ? abort.signal.reason : error);
  console.error(`${message}\n${remedy}`);
  process.exitCode = abort.signal.aborted ? 130 : 1;
}
