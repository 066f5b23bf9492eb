import { defineConfig } from 'vitest/config';

/** One file after the other: each process of a run takes a processor. */
export default defineConfig({
  test: {
    dir: 'test/torch',
    globalSetup: 'test/torch/prepare.ts',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
