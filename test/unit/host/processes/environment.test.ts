import { expect, test } from 'vitest';
import { engineEnvironment } from '../../../../src/host/processes/environment.ts';

const plain = { network: {}, cache: '', electron: false };

test.each([
  [
    'what steers the editor is left out',
    { VSCODE_PID: '1', ELECTRON_NO_ASAR: '1', PATH: '/bin' },
    plain,
    { PATH: '/bin' },
    ['VSCODE_PID', 'ELECTRON_NO_ASAR'],
  ],
  ['Electron runs as Node', {}, { ...plain, electron: true }, { ELECTRON_RUN_AS_NODE: '1' }, []],
  [
    'telemetry is off whatever was set',
    { ORT_DISABLE_TELEMETRY: '0' },
    plain,
    { ORT_DISABLE_TELEMETRY: '1' },
    ['ELECTRON_RUN_AS_NODE'],
  ],
  [
    'the proxy of the settings',
    {},
    { ...plain, network: { proxy: 'http://p:1', noProxy: ['a', 'b'] } },
    { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a,b' },
    [],
  ],
  [
    'the proxy of the environment goes before it',
    { HTTPS_PROXY: 'http://own:1' },
    { ...plain, network: { proxy: 'http://p:1' } },
    { HTTPS_PROXY: 'http://own:1' },
    [],
  ],
  [
    'the cache of the settings goes before the environment',
    { HF_HUB_CACHE: '/a' },
    { ...plain, cache: '/b' },
    { HF_HUB_CACHE: '/b' },
    [],
  ],
])('%s', (_, from, options, expected, absent) => {
  const environment = engineEnvironment(from as NodeJS.ProcessEnv, options);
  expect(environment).toMatchObject(expected);
  for (const name of absent) expect(environment).not.toHaveProperty(name);
});
