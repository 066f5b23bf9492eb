import { execFile } from 'node:child_process';
import { delimiter, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expandHome } from '../../models/home.ts';
import { type Reason, Reasoned } from '../../protocol/result.ts';

/** A Python that trains: it has the packages, and finds ours. */
export interface Python {
  readonly executable: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface PythonSearch {
  /** A run's torch.python: a path as its run.json has it, or a command's name; null: not said. */
  readonly asked: string | null;
  /** What relative paths are relative to. */
  readonly folder: string;
  /** The folder of our package. */
  readonly torchPackage: string;
}

/** The interpreter that the editor's setting names, or one that the editor found. */
const VARIABLE = 'LM_LAB_PYTHON';

const CHECK_MS = 60_000;

/**
 * The interpreter that a run asks for; else the one of the setting `lmLab.python`; else the first on the PATH.
 * @throws Reasoned `python-missing`, `python-too-old`, `packages-missing`, `packages-too-old`
 */
export async function findPython({ asked, folder, torchPackage }: PythonSearch): Promise<Python> {
  const env = withPackage(torchPackage);
  const named = asked === null ? process.env[VARIABLE] : located(asked, folder);
  for (const executable of named ? [named] : commands()) {
    const found = await check(executable, env);
    if (found === 'none') continue;
    if (found) throw Reasoned.from(found);
    return { executable, env };
  }
  throw missing(named);
}

/** A bare name is a command. */
const located = (python: string, folder: string): string =>
  /[\\/]/.test(python) ? (python.startsWith('~') ? expandHome(python) : resolve(folder, python)) : python;

const commands = (): readonly string[] => (process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']);

const withPackage = (folder: string): NodeJS.ProcessEnv => {
  const { PYTHONPATH } = process.env;
  return { ...process.env, PYTHONPATH: PYTHONPATH ? `${folder}${delimiter}${PYTHONPATH}` : folder };
};

/** Why it can't train; undefined where it can, `none` where there is no such interpreter. */
async function check(executable: string, env: NodeJS.ProcessEnv): Promise<Reason | 'none' | undefined> {
  try {
    const { stdout } = await promisify(execFile)(executable, ['-m', 'lm_lab_torch', '--check'], {
      env,
      timeout: CHECK_MS,
      windowsHide: true,
    });
    return (JSON.parse(stdout) as { readonly error?: Reason }).error;
  } catch (error) {
    const { stdout = '', stderr = '', code } = error as { stdout?: string; stderr?: string; code?: unknown };
    if (code === 'ENOENT' || code === 'EACCES') return 'none';
    return told(stdout) ?? unusable(executable, stderr || (error as Error).message);
  }
}

function told(stdout: string): Reason | undefined {
  try {
    return (JSON.parse(stdout) as { readonly error?: Reason }).error;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const unusable = (executable: string, stderr: string): Reason => ({
  code: 'python-unusable',
  message: `"${executable}" could not be asked for its packages: ${stderr.trim().split('\n').at(-1)}`,
  remedy: INSTALL,
});

const INSTALL =
  'Run “LM Lab: Create Python Environment”, or name a Python that has what python/requirements.txt asks for in the setting lmLab.python (on the command line: in the environment variable LM_LAB_PYTHON), or in torch.python of run.json.';

const missing = (named: string | undefined): Reasoned =>
  new Reasoned(
    'python-missing',
    named
      ? `There is no Python at "${named}", and the backend torch needs one.`
      : 'The backend torch needs Python, and there is none on the PATH.',
    `${INSTALL} All else works without it, and so does the backend onnx.`,
  );
