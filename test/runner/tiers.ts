import { check, command, type Counts, vitest } from './commands.ts';
import { integration } from './integration.ts';

export interface Tier {
  readonly name: string;
  /** Runs only where it is named: it needs what not every machine has. */
  readonly onRequest?: true;
  run(): Promise<Counts>;
}

/** Two files at a time, also on two cores, where vitest takes one: much of what these tests do is to wait. */
const SIDE_BY_SIDE = ['--maxWorkers', '2'];

/** In the order they run: what fails soonest and says most comes first. */
export const tiers: readonly Tier[] = [
  { name: 'lint', run: () => check(['oxlint', '--deny-warnings', '.', '.ci']) },
  { name: 'format', run: () => check(['biome', 'format']) },
  { name: 'types', run: () => check(['tsc', '-p', '.'], ['tsc', '-p', 'webview-ui']) },
  { name: 'unit', run: () => vitest('unit', ['--dir', 'test/unit', ...SIDE_BY_SIDE]) },
  { name: 'parity', run: () => vitest('parity', ['--dir', 'test/parity']) },
  { name: 'package', run: packaged },
  { name: 'cli', run: cli },
  { name: 'integration', run: afterBuild(integration) },
  { name: 'e2e', run: e2e },
  // Python with PyTorch, which it installs into a cache on its first run: minutes, and gigabytes.
  { name: 'torch', onRequest: true, run: () => vitest('torch', ['--config', 'test/torch/vitest.config.ts'], nodes) },
];

/** The .vsix, and with it what the tiers below run. */
async function packaged(): Promise<Counts> {
  const counts = await check(['node', '.ci/package.mjs']);
  built = counts.failed === 0 ? 'package' : built;
  return counts;
}
let built: 'nothing' | 'bundles' | 'package' = 'nothing';

/** What is run outside the editor runs on the user's own Node as well as on the editor's. */
const nodes = { LM_LAB_NODE_20: process.env['LM_LAB_USER_NODE'], LM_LAB_NODE_24: process.execPath };

function cli(): Promise<Counts> {
  return afterBuild(() => vitest('cli', ['--dir', 'test/cli', ...SIDE_BY_SIDE], nodes))();
}

/** As a user does it: the .vsix is installed into an editor that knows nothing of this checkout. */
async function e2e(): Promise<Counts> {
  if (built !== 'package' && (await packaged()).failed > 0) return { passed: 0, failed: 1 };
  return vitest('e2e', ['--config', 'test/e2e/vitest.config.ts'], nodes);
}

function afterBuild(run: () => Promise<Counts>): () => Promise<Counts> {
  return async () => {
    if (built === 'nothing' && (await command('node', ['esbuild.mjs'])) !== 0) return { passed: 0, failed: 1 };
    if (built === 'nothing') built = 'bundles';
    return run();
  };
}
