import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cancelled, err, ok, reasonOf, type Result } from '../../protocol/result.ts';

export interface InstallerCall {
  readonly onLine: (line: string) => void;
  readonly onCancel: (listener: () => void) => void;
}

export const canInstallCuda = (): boolean => process.platform === 'linux' && process.arch === 'x64';

/**
 * Runs ONNX Runtime's own install script, which downloads the CUDA files of its version beside its native library.
 *
 * @param script onnxruntime-node's script/install.js as it is bundled beside the runtime
 */
export function runCudaInstaller(script: string, { onLine, onCancel }: InstallerCall): Promise<Result<true>> {
  const child = spawn(process.execPath, [script, '--onnxruntime-node-install=cuda12'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', line => {
      lines.push(line.trim());
      onLine(line);
    });
  }
  let stopped = false;
  onCancel(() => {
    stopped = true;
    child.kill();
  });
  return new Promise(resolve => {
    const failed = (why: string): Result<never> =>
      err(
        'cuda-install-failed',
        `The CUDA files could not be installed: ${why}.`,
        'See the log, check the network, and try again.',
      );
    child.once('error', error => resolve(failed(error.message)));
    child.once('exit', code => {
      if (stopped) resolve({ ok: false, error: reasonOf(cancelled()) });
      else
        resolve(
          code === 0
            ? ok(true)
            : failed(lines.find(line => /error|failed/i.test(line))?.replace(/^Error: /, '') ?? `exit code ${code}`),
        );
    });
  });
}
