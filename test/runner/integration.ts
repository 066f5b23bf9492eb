import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import type { TestRun } from '../integration/index.ts';
import { root, samples } from '../host/paths.ts';
import { type Counts, freshResults, orFailed, results } from './commands.ts';

/**
 * Runs the tests inside a real extension host: the VS Code named in VSCODE_EXECUTABLE; else, with a display, the one
 * that @vscode/test-electron downloads; else the VS Code server from npm in a headless browser.
 */
export async function integration(): Promise<Counts> {
  const file = await freshResults('integration');
  const executable = process.env['VSCODE_EXECUTABLE'] ?? (hasDisplay() ? undefined : shim);
  const options = {
    extensionDevelopmentPath: [root, path.join(built, 'provider')],
    extensionTestsPath: path.join(built, 'index.cjs'),
    // With leave to ask for consent, which is still a proposal of the editor's.
    launchArgs: [samples, '--disable-extensions', '--enable-proposed-api=lm-lab-test.judges'],
    extensionTestsEnv: { LM_LAB_TEST_RESULTS: file },
  };
  const status = await runTests(executable ? { ...options, vscodeExecutablePath: executable } : options).catch(
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return 1;
    },
  );
  return orFailed(status, await results(file, printed));
}

const built = path.join(root, 'out', 'integration');
const shim = path.join(root, 'test', 'host', 'codeShim.mjs');

function hasDisplay(): boolean {
  const { platform, env } = process;
  return platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined;
}

/** What a test prints inside the extension host is not seen here, so its results are printed from the file. */
function printed(text: string): Counts {
  const run = JSON.parse(text) as TestRun;
  for (const { title, milliseconds, error } of run.tests) {
    console.log(`${error === undefined ? '✓' : '✗'} ${title} (${milliseconds} ms)${error ? `\n${error}` : ''}`);
  }
  const failed = run.tests.filter(({ error }) => error !== undefined).length;
  return { passed: run.tests.length - failed, failed };
}
