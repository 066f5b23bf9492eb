import { chmod, cp, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { exists, fileError, makeFolder } from '../models/files.ts';
import { expandHome } from '../models/home.ts';
import type { Call } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';
import { problemsOf } from '../protocol/run/check.ts';
import { complete } from '../protocol/run/defaults.ts';
import { RUN_FILES } from '../protocol/run/folder.ts';
import { moved, withPaths } from '../protocol/run/paths.ts';
import type { RunRequest, RunSpec } from '../protocol/run/spec.ts';
import { prepareRun } from '../training/examples/prepareRun.ts';
import { readSpec } from '../training/run/specFile.ts';
import { READ_ME, readMe, SHELL_SCRIPT, shellScript, SLURM_SCRIPT, slurmScript } from './scripts.ts';

export interface ExportRunOptions extends Pick<Call, 'signal' | 'onProgress'> {
  readonly request: RunRequest;
  /** What the request's relative paths are relative to. */
  readonly base: string;
  /** Made where it is missing; it must be empty. */
  readonly target: string;
  /** A run folder whose examples are the request's, where they are prepared already. */
  readonly prepared?: string;
  readonly starterFolder: string;
  readonly torchPackage: string;
}

/**
 * Writes a run folder that trains elsewhere, by PyTorch, with nothing of LM Lab there: the prepared examples, the model,
 * the Python package, a command and a job for SLURM.
 * What was begun and could not be ended is gone again.
 * @throws Reasoned `folder-not-empty`, what PyTorch does not train, and what preparing throws
 */
export async function exportRun(options: ExportRunOptions): Promise<void> {
  const { target } = options;
  await requireEmpty(target);
  await makeFolder(target);
  try {
    await write(options);
  } catch (error) {
    for (const name of await readdir(target)) await rm(join(target, name), { recursive: true, force: true });
    throw error;
  }
}

async function write({ request, base, target, prepared, ...options }: ExportRunOptions): Promise<void> {
  const { starterFolder, torchPackage, signal, onProgress } = options;
  const movedHere = withPaths(request, path => moved(path, base, target));
  const spec = complete({ ...movedHere, backend: 'torch', torch: { ...movedHere.torch, python: null } });
  const [problem] = problemsOf(spec);
  if (problem) throw new Reasoned(problem.reason.code, problem.reason.message, problem.reason.remedy);
  await writeSpec(target, spec);
  if (prepared !== undefined) await copyExamples(prepared, target);
  const call = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  await prepareRun(target, spec, { starterFolder, ...call });
  onProgress?.({ message: 'Copying the model', done: 0, unit: 'files' });
  const packed = await withModels(target, await readSpec(target));
  await writeSpec(target, packed);
  await copyPackage(torchPackage, join(target, 'python'));
  await writeFile(join(target, SHELL_SCRIPT), shellScript());
  await chmod(join(target, SHELL_SCRIPT), 0o755);
  await writeFile(join(target, READ_ME), readMe(packed));
  await writeFile(join(target, SLURM_SCRIPT), slurmScript(packed, basename(resolve(target))));
}

/** The same of a run folder: what it asks for, from its beginning. */
export async function exportRunOf(
  run: string,
  target: string,
  options: Omit<ExportRunOptions, 'request' | 'base' | 'target'>,
): Promise<void> {
  const prepared = (await exists(join(run, RUN_FILES.split))) ? { prepared: run } : {};
  await exportRun({ request: await readSpec(run), base: run, target, ...prepared, ...options });
}

async function requireEmpty(folder: string): Promise<void> {
  if (!(await exists(folder)) || (await readdir(folder)).length === 0) return;
  throw new Reasoned(
    'folder-not-empty',
    `"${folder}" is not empty, and an exported run needs a folder of its own.`,
    'Give a folder that is not there yet, or an empty one.',
  );
}

const writeSpec = (folder: string, spec: RunSpec): Promise<void> =>
  writeFile(join(folder, RUN_FILES.spec), `${JSON.stringify(spec, null, 2)}\n`);

async function copyExamples(from: string, to: string): Promise<void> {
  await cp(join(from, RUN_FILES.data), join(to, RUN_FILES.data), { recursive: true });
  await cp(join(from, RUN_FILES.split), join(to, RUN_FILES.split));
}

/** The request with what it names beside it. */
async function withModels(target: string, spec: RunSpec): Promise<RunSpec> {
  const model = await copyModel(target, spec.model, 'starting-model');
  const { reference } = spec.dpo;
  const { accelerateConfig } = spec.torch;
  const config = accelerateConfig && './accelerate.yaml';
  if (accelerateConfig) await cp(located(target, accelerateConfig), join(target, 'accelerate.yaml'));
  return {
    ...spec,
    model,
    dpo: { ...spec.dpo, reference: reference && (await copyModel(target, reference, 'reference-model')) },
    torch: { ...spec.torch, accelerateConfig: config },
  };
}

const located = (folder: string, path: string): string =>
  path.startsWith('~') ? expandHome(path) : resolve(folder, path);

/** What transformers reads of a model folder; of a download its files themselves, and no links. */
async function copyModel(target: string, model: string, name: string): Promise<string> {
  const from = located(target, model);
  try {
    const files = (await readdir(from)).filter(file => MODEL_FILE.test(file));
    const safe = files.some(file => file.endsWith('.safetensors'));
    await makeFolder(join(target, name));
    for (const file of files) {
      if (safe && file.endsWith('.bin')) continue; // the same numbers
      await cp(join(from, file), join(target, name, file), { dereference: true });
    }
  } catch (error) {
    throw fileError(error, from);
  }
  return `./${name}`;
}

const MODEL_FILE = /^[^.].*\.(json|txt|jinja|safetensors)$|^pytorch_model\.bin$/;

const copyPackage = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, filter: path => basename(path) !== '__pycache__' });
