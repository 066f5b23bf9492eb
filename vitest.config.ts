import { configDefaults, defineConfig } from 'vitest/config';

/**
 * The VS Code that is installed under test/host/.cache brings tests of its own; integration tests run inside it. On a busy
 * machine a test of a model takes several times as long as by itself, and is not wrong for that.
 */
export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'test/host/.cache/**', 'test/integration/**'],
    testTimeout: 30_000,
  },
});
