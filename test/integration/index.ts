/** Runs inside the extension host: every *.test of this folder, with the results written to LM_LAB_TEST_RESULTS. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

export interface TestRun {
  readonly tests: ReadonlyArray<{ readonly title: string; readonly milliseconds: number; readonly error?: string }>;
}

/** What VS Code calls. It fails where a test did, or where there was none. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'min' });
  for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, file));
  }
  const tests: Array<TestRun['tests'][number]> = [];
  const failures = await new Promise<number>(resolve => {
    const runner = mocha.run(resolve);
    const entry = (test: Mocha.Runnable) => ({ title: test.fullTitle(), milliseconds: test.duration ?? 0 });
    runner.on('pass', test => tests.push(entry(test)));
    runner.on('fail', (test, error: Error) => tests.push({ ...entry(test), error: error.stack ?? error.message }));
  });
  const file = process.env['LM_LAB_TEST_RESULTS'];
  if (file) writeFileSync(file, JSON.stringify({ tests } satisfies TestRun));
  if (failures > 0 || tests.length === 0) throw new Error(`${failures} of ${tests.length} tests failed.`);
}
