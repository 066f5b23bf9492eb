import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { openWorkbench, shot, type Workbench } from '../host/page.ts';
import type { WorkbenchOptions } from '../host/workbench.ts';

/**
 * One VS Code for the tests of a file, with the packaged extension and a copy of samples/ open. A test that fails
 * leaves a picture. Shots go to out/shots/<name>/.
 */
export function scenario(name: string, options: Partial<WorkbenchOptions> = {}): () => Workbench {
  let workbench: Workbench | undefined;
  beforeAll(async () => {
    const extensionsFolder = inject('extensionsFolder');
    workbench = await openWorkbench({ extensionsFolder, name, ...options });
  });
  afterEach(async ({ task }) => {
    if (workbench && task.result?.state === 'fail') console.error(await shot(workbench, 'failed'));
  });
  afterAll(() => workbench?.close());
  return () => {
    if (!workbench) throw new Error('VS Code is not open yet: ask for it inside a test.');
    return workbench;
  };
}
