import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Reasoned } from '../src/protocol/result.ts';

const HERE = import.meta.dirname;
export const ROOT = path.dirname(HERE);

/** The built command line. @throws Reasoned `build-missing` */
export function commandLine(): string {
  const cli = path.join(ROOT, 'dist', 'cli.js');
  if (existsSync(cli)) return cli;
  throw new Reasoned('build-missing', 'dist/cli.js is not built.', 'Run npm run build first.');
}

/** Outlives the checkout: the environment is gigabytes, the model half of one. */
const CACHE = process.env['LM_LAB_BENCH_CACHE'] ?? path.join(homedir(), '.cache', 'lm-lab', 'bench');

/**
 * The interpreter that has transformers: LM_LAB_BENCH_PYTHON, else one in an environment of our own, which is made on
 * the first run and whenever the requirements have changed. Throws `python-missing` and `bench-environment-failed`.
 */
export async function pythonWithTransformers(signal: AbortSignal): Promise<string> {
  const given = process.env['LM_LAB_BENCH_PYTHON'];
  if (given) return given;
  const requirements = path.join(HERE, 'requirements.txt');
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(CACHE, `python-${hash}`);
  const python = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const finished = path.join(folder, 'finished');
  if (!existsSync(finished)) {
    await rm(folder, { recursive: true, force: true });
    await runVisibly(await systemPython(), ['-m', 'venv', folder], signal);
    await runVisibly(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], signal);
    await writeFile(finished, '');
  }
  return python;
}

/** GPT-2's 124 million parameters, random, with GPT-2's tokenizer, and a head where there are labels. Made once. */
export async function randomModel(
  python: string,
  signal: AbortSignal,
  labels: readonly string[] = [],
): Promise<string> {
  const folder = path.join(CACHE, ['gpt2-random', ...labels].join('-'));
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}-${process.pid}`;
  await makeModel(python, unfinished, labels, signal);
  await rename(unfinished, folder);
  return folder;
}

/** Writes gpt2-medium's 355 million parameters, random, with GPT-2's tokenizer: 1.4 GB, for the caller to delete. */
export const writeMediumModel = (python: string, folder: string, signal: AbortSignal): Promise<void> =>
  makeModel(python, folder, ['--medium'], signal);

async function makeModel(python: string, folder: string, how: readonly string[], signal: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runVisibly(python, [path.join(HERE, 'python', 'make_model.py'), folder, ...how], signal);
  await copyFile(path.join(ROOT, 'models', 'starter', 'tokenizer.json'), path.join(folder, 'tokenizer.json'));
}

async function systemPython(): Promise<string> {
  for (const name of ['python3', 'python']) {
    const found = await promisify(execFile)(name, ['-c', 'import venv, sys; assert sys.version_info >= (3, 10)']).then(
      () => true,
      () => false,
    );
    if (found) return name;
  }
  throw new Reasoned(
    'python-missing',
    'The benchmark compares with transformers, and there is no Python 3.10 or newer with venv on the PATH.',
    'Install one, or set LM_LAB_BENCH_PYTHON to an interpreter that has what bench/requirements.txt names.',
  );
}

/** What the program says goes to standard error: standard output is for the results. */
function runVisibly(program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  console.error(`> ${[path.basename(program), ...args].join(' ')}`);
  const child = spawn(program, args, { stdio: ['ignore', 2, 2], signal });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => (code === 0 ? resolve() : reject(failed(program, args, code))));
  });
}

const failed = (program: string, args: readonly string[], code: number | null): Reasoned =>
  new Reasoned(
    'bench-environment-failed',
    `“${[path.basename(program), ...args].join(' ')}” ended with exit code ${code}.`,
    'Read what it said above; then try again, or set LM_LAB_BENCH_PYTHON to an interpreter that has transformers.',
  );
