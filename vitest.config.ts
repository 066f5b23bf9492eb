import { configDefaults, defineConfig } from 'vitest/config';

/** The VS Code that is installed under test/host/.cache brings tests of its own; integration tests run inside it. */
export default defineConfig({
  test: { exclude: [...configDefaults.exclude, 'test/host/.cache/**', 'test/integration/**'] },
});
