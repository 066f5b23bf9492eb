import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { cancelled, Reasoned } from '../../protocol/result.ts';
import { jsonOption, type JsonOption } from '../options.ts';

// From dist/cli.js. The benchmark is TypeScript, which the Node among the development packages runs as it is.
const SCRIPT = fileURLToPath(new URL('../bench/run.ts', import.meta.url));
const NODE = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

export function bench(program: Command): void {
  program
    .command('bench')
    .description('time LM Lab beside transformers, and CUDA beside the CPU; only in a checkout of the project')
    .addOption(
      new Option('--suite <suite>', 'what to time; all where absent').choices([
        'score',
        'generate',
        'precision',
        'train',
        'medium',
        'zero-shot',
        'cuda',
      ]),
    )
    .addOption(jsonOption())
    .action(async ({ suite, json }: JsonOption & { readonly suite?: string }) => {
      if (!existsSync(SCRIPT) || !existsSync(NODE))
        throw new Reasoned(
          'bench-missing',
          'The benchmark is not part of the packaged extension.',
          'Clone the project, run npm install, and start the benchmark there.',
        );
      await runScript([SCRIPT, ...(suite === undefined ? [] : ['--suite', suite]), ...(json ? ['--json'] : [])]);
    });
}

/** The script writes its own results and its own errors' sentences to this process's streams. */
function runScript(args: readonly string[]): Promise<void> {
  const child = spawn(NODE, args, { stdio: 'inherit' });
  const interrupt = (): void => void child.kill('SIGINT');
  process.once('SIGINT', interrupt);
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else if (code === 130 || signal === 'SIGINT') reject(cancelled());
      else
        reject(
          new Reasoned(
            'bench-failed',
            `The benchmark ended with ${signal ?? `exit code ${code}`}.`,
            'Read what it wrote above.',
          ),
        );
    });
  }).finally(() => process.off('SIGINT', interrupt));
}
