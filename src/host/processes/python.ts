import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { err, ok, type Result } from '../../protocol/result.ts';
import { settings } from '../settings.ts';
import { type InstallerCall, runInstaller } from './installer.ts';

/** What is used of the Python extension's exports (PythonExtension in @vscode/python-extension). */
interface PythonApi {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/** The interpreter that trains by PyTorch: the setting's, else the Python extension's choice for this folder; undefined: the PATH's. */
export async function chosenPython(folder: string): Promise<string | undefined> {
  return settings().python || (await pythonOfExtension(vscode.Uri.file(folder)));
}

async function pythonOfExtension(resource: vscode.Uri): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<Partial<PythonApi>>('ms-python.python');
  if (!extension) return undefined;
  const { environments } = extension.isActive ? extension.exports : await extension.activate();
  const environment = await environments?.resolveEnvironment(environments.getActiveEnvironmentPath(resource));
  return environment?.executable.uri?.fsPath;
}

/** Where the environment of our own is: once, for all windows. */
export const environmentFolder = (extension: vscode.ExtensionContext): string =>
  join(extension.globalStorageUri.fsPath, 'python');

/**
 * Makes an environment with what training by PyTorch needs.
 * @returns its interpreter
 */
export async function createEnvironment(
  folder: string,
  requirements: string,
  call: InstallerCall,
): Promise<Result<string>> {
  const system = await pythonWithVenv();
  if (!system) return withoutPython();
  const run = (program: string, args: readonly string[]) => runInstaller({ program, args, failure: FAILURE }, call);
  const made = await run(system, ['-m', 'venv', '--clear', folder]);
  if (!made.ok) return made;
  const python = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const installed = await run(python, ['-m', 'pip', 'install', '--progress-bar', 'off', '-r', requirements]);
  return installed.ok ? ok(python) : installed;
}

const FAILURE = { code: 'python-environment-failed', what: 'The Python environment could not be made' };

async function pythonWithVenv(): Promise<string | undefined> {
  const asked = settings().python;
  for (const name of [...(asked ? [asked] : []), 'python3', 'python', 'py']) {
    const fits = await promisify(execFile)(name, ['-c', 'import venv, sys; assert sys.version_info >= (3, 10)']).then(
      () => true,
      () => false,
    );
    if (fits) return name;
  }
  return undefined;
}

const withoutPython = (): Result<never> =>
  err(
    'python-missing',
    'There is no Python 3.10 or newer with venv on the PATH.',
    'Install one (on Debian and Ubuntu: python3-venv), or name one in the setting lmLab.python. All else works without it.',
  );
