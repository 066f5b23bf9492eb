/** vitest's global setup: the environment is made once, before any test has a time limit. */
import { pythonWithTorch } from './environment.ts';

export function setup(): void {
  process.env['LM_LAB_TORCH_PYTHON'] = pythonWithTorch();
}
