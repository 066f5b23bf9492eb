import { beforeEach, expect, test, vi } from 'vitest';
import type { Memento } from 'vscode';
import { Models } from '../../../../src/host/models/models.ts';
import type { AddModelRequest, Call, EngineApi, ModelEntry } from '../../../../src/protocol/engine.ts';
import { err, ok, type Result } from '../../../../src/protocol/result.ts';

const editor = vi.hoisted(() => ({
  isTrusted: true,
  settings: { device: 'auto', huggingFace: { endpoint: '', cache: '' } },
}));

vi.mock('vscode', () => ({
  EventEmitter: class {
    event = (): void => undefined;
    fire(): void {}
    dispose(): void {}
  },
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
    getWorkspaceFolder: ({ fsPath }: { fsPath: string }) => (fsPath.startsWith('/workspace/') ? {} : undefined),
    getConfiguration: () => ({ get: () => editor.settings }),
  },
}));

const entry = (id: string, folder: string, active: boolean): ModelEntry => ({
  id,
  folder,
  active,
  parameters: 1,
  contextLength: 512,
  bytes: 4,
  architecture: 'GPT2LMHeadModel',
  source: 'folder',
});
const LIST = [entry('starter', '/extension/models/starter', false), entry('inside', '/workspace/model', true)];

let added: AddModelRequest[];
let answer: (call?: Call) => Promise<Result<ModelEntry>>;
const engine = {
  listModels: async () => ok(LIST),
  addModel: (request: AddModelRequest, call?: Call) => {
    added.push(request);
    return answer(call);
  },
} as unknown as EngineApi;
const memory: Memento = {
  get: <T>(_: string, absent?: T) => absent as T,
  update: async () => undefined,
  keys: () => [],
};

beforeEach(() => {
  added = [];
  answer = async () => ok(LIST[0] as ModelEntry);
  editor.isTrusted = true;
  editor.settings.huggingFace.endpoint = '';
});

test.each([
  [true, undefined, { ok: true, value: { model: 'inside', device: 'auto' } }],
  [false, undefined, { ok: false, error: { code: 'workspace-untrusted' } }],
  [false, 'inside', { ok: false, error: { code: 'workspace-untrusted' } }],
  [false, 'starter', { ok: true, value: { model: 'starter' } }],
])('workspace trusted: %s, model: %s', async (trusted, id, expected) => {
  editor.isTrusted = trusted;
  expect(await new Models(engine, memory).choice(id)).toMatchObject(expected);
});

test('a folder in a workspace without trust is not even looked at', async () => {
  editor.isTrusted = false;
  const models = new Models(engine, memory);
  expect(await models.importFolder('/workspace/model')).toMatchObject({ error: { code: 'workspace-untrusted' } });
  expect(added).toEqual([]);
  expect((await models.importFolder('/elsewhere')).ok).toBe(true);
});

test('a download shows its progress, is asked for once, and is cancelled from its row', async () => {
  const models = new Models(engine, memory);
  answer = call =>
    new Promise(resolve => {
      call?.onProgress?.({ message: 'Downloading', done: 1, total: 2, unit: 'bytes' });
      call?.signal?.addEventListener('abort', () => resolve(err('cancelled', '', '')));
    });
  const first = models.download('a/b', 'token');
  expect(await models.download('a/b', undefined)).toBeUndefined();
  expect(models.downloads).toMatchObject([{ source: 'a/b', progress: { done: 1, total: 2 } }]);
  models.downloads[0]?.cancel();
  expect(await first).toMatchObject({ error: { code: 'cancelled' } });
  expect(models.downloads).toEqual([]);
  expect(added).toEqual([{ source: 'a/b', activate: true, token: 'token' }]);
});

test('the hub’s address of the settings goes along', async () => {
  editor.settings.huggingFace.endpoint = 'http://hub';
  await new Models(engine, memory).download('a/b', undefined);
  expect(added).toEqual([{ source: 'a/b', activate: true, endpoint: 'http://hub' }]);
});
