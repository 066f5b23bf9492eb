import { configDefaults, defineConfig } from 'vitest/config';

/** Tests are ours alone: the VS Code that is installed under test/host/.cache brings its own. */
export default defineConfig({
  test: { exclude: [...configDefaults.exclude, 'test/host/.cache/**'] },
});
