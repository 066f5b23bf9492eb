import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export const PACKAGE = path.resolve('python');

/** Outlives the checkout: the environment is gigabytes. */
const CACHE = process.env['LM_LAB_TORCH_CACHE'] ?? path.join(homedir(), '.cache', 'lm-lab', 'torch');

/**
 * The interpreter that tests train with: LM_LAB_TORCH_PYTHON, else one in an environment of our own, which is made on the
 * first run and whenever the requirements have changed.
 */
export function pythonWithTorch(): string {
  const given = process.env['LM_LAB_TORCH_PYTHON'];
  if (given) return given;
  const requirements = path.join(PACKAGE, 'requirements.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = path.join(CACHE, `python-${hash}`);
  const python = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const finished = path.join(folder, 'finished');
  if (!existsSync(finished)) {
    rmSync(folder, { recursive: true, force: true });
    visibly(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder]);
    visibly(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    writeFileSync(finished, '');
  }
  return python;
}

/** What the program says goes to standard error. */
function visibly(program: string, args: readonly string[]): void {
  console.error(`> ${[path.basename(program), ...args].join(' ')}`);
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw error ?? new Error(`${program} ended with ${status}: set LM_LAB_TORCH_PYTHON, or try again.`);
}
