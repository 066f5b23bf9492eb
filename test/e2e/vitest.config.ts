import { defineConfig } from 'vitest/config';

/** Each file is a scenario in a VS Code of its own; one at a time, as two would fight for the processor. */
export default defineConfig({
  test: {
    dir: 'test/e2e',
    include: ['**/*.e2e.ts'],
    globalSetup: 'test/e2e/install.ts',
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } }, // a model may have to be loaded first
    bail: 0,
  },
});
