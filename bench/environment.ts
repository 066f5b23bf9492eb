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
export const randomModel = (python: string, signal: AbortSignal, labels: readonly string[] = []): Promise<string> =>
  madeOnce(['gpt2-random', ...labels].join('-'), folder => makeModel(python, folder, labels, signal));

/** gpt2-large's 774 or gpt2-xl's 1,558 million parameters, random, in float16, with GPT-2's tokenizer. Made once. */
export const largeModel = (python: string, size: 'large' | 'xl', signal: AbortSignal): Promise<string> =>
  madeOnce(`gpt2-random-${size}`, folder => makeModel(python, folder, ['--size', size], signal));

/** Writes gpt2-medium's 355 million parameters, random, with GPT-2's tokenizer: 1.4 GB, for the caller to delete. */
export const writeMediumModel = (python: string, folder: string, signal: AbortSignal): Promise<void> =>
  makeModel(python, folder, ['--size', 'medium'], signal);

/** The weights of a model folder as llama.cpp reads them, every matrix in Q4_0. Made once. */
export const q4Model = (python: string, model: string, signal: AbortSignal): Promise<string> =>
  madeOnce(`${path.basename(model)}-q4_0.gguf`, file =>
    runVisibly(python, [path.join(HERE, 'python', 'gguf_model.py'), model, file], signal),
  );

export const NODE_LLAMA_CPP = '3.22.1';

/** A folder with the package node-llama-cpp and its binaries for this platform's processor. Installed once. */
export const nodeLlamaCpp = (signal: AbortSignal): Promise<string> =>
  madeOnce(`node-llama-cpp-${NODE_LLAMA_CPP}`, async folder => {
    await mkdir(folder, { recursive: true });
    // Its optional packages are the binaries of all platforms, and its install script builds those that are missing.
    const lean = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const packages = ['node-llama-cpp', `@node-llama-cpp/${llamaPlatform()}`].map(name => `${name}@${NODE_LLAMA_CPP}`);
    await runVisibly('npm', ['install', '--prefix', folder, ...lean, ...packages], signal);
  });

function llamaPlatform(): string {
  const system = { darwin: 'mac', win32: 'win' }[process.platform as string] ?? process.platform;
  const platform = `${system}-${process.arch}`;
  return platform === 'mac-arm64' ? `${platform}-metal` : platform;
}

/** What is made once and kept in the cache: under another name until it is whole. */
async function madeOnce(name: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  const made = path.join(CACHE, name);
  if (existsSync(made)) return made;
  const unfinished = `${made}-${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  await make(unfinished);
  await rename(unfinished, made);
  return made;
}

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
