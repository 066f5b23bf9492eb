import { beforeEach, expect, test, vi } from 'vitest';
import { askLanguageModel, offeredModels } from '../../../../src/host/judges/languageModels.ts';

interface Sent {
  readonly model: string;
  readonly messages: ReadonlyArray<{ role: string; text: string }>;
  readonly options: { justification?: string; modelOptions?: object };
  readonly token: { isCancellationRequested: boolean };
}

/** The editor's side, as far as it is asked: models by id, each of which answers or throws. */
const editor = vi.hoisted(() => {
  class LanguageModelError extends Error {
    readonly code: string;
    constructor(message: string, code: string) {
      super(message);
      this.code = code;
    }
    static NotFound = (message = '') => new LanguageModelError(message, 'NotFound');
    static NoPermissions = (message = '') => new LanguageModelError(message, 'NoPermissions');
    static Blocked = (message = '') => new LanguageModelError(message, 'Blocked');
  }
  return { LanguageModelError, sent: [] as Sent[], answer: (async () => []) as (sent: Sent) => Promise<string[]> };
});

vi.mock('vscode', () => ({
  LanguageModelError: editor.LanguageModelError,
  LanguageModelChatMessage: {
    User: (text: string) => ({ role: 'user', text }),
    Assistant: (text: string) => ({ role: 'assistant', text }),
  },
  CancellationTokenSource: class {
    readonly token = { isCancellationRequested: false };
    cancel(): void {
      this.token.isCancellationRequested = true;
    }
    dispose(): void {}
  },
  lm: {
    selectChatModels: async ({ id, vendor }: { id?: string; vendor?: string } = {}) =>
      [
        { id: 'gpt', name: 'GPT', vendor: 'copilot' },
        { id: 'gpt', name: 'GPT', vendor: 'router' },
        { id: 'labs/gpt', name: 'GPT', vendor: 'router' },
      ]
        .filter(model => (id ?? model.id) === model.id && (vendor ?? model.vendor) === model.vendor)
        .map(model => ({
          ...model,
          sendRequest: async (messages: Sent['messages'], options: Sent['options'], token: Sent['token']) => {
            const sent = { model: `${model.vendor}/${model.id}`, messages, options, token };
            editor.sent.push(sent);
            const pieces = await editor.answer(sent);
            return {
              text: (async function* () {
                yield* pieces;
              })(),
            };
          },
        })),
  },
}));

const QUESTION = {
  model: 'copilot/gpt',
  messages: [
    { role: 'user', content: 'Score it.' },
    { role: 'assistant', content: 'Well.' },
  ],
  temperature: 0,
  seed: 123,
} as const;

beforeEach(() => {
  editor.sent.length = 0;
});

test('the pieces of an answer are joined; the editor is told what it is for', async () => {
  editor.answer = async () => ['8', '5'];
  expect(await askLanguageModel(QUESTION)).toEqual({ ok: true, value: '85' });
  expect(editor.sent).toMatchObject([
    {
      messages: [
        { role: 'user', text: 'Score it.' },
        { role: 'assistant', text: 'Well.' },
      ],
      options: { justification: expect.stringContaining('LM Lab'), modelOptions: { temperature: 0, seed: 123 } },
    },
  ]);
});

test.each([
  ['nobody agreed to', editor.LanguageModelError.NoPermissions('You said no.'), 'judge-consent-missing'],
  ['takes no more', editor.LanguageModelError.Blocked('Quota.'), 'judge-busy'],
  ['is gone', editor.LanguageModelError.NotFound('Gone.'), 'judge-model-unknown'],
  ['fails', new Error('socket hang up'), 'judge-failed'],
])('a model that %s is told as such', async (_, error, code) => {
  editor.answer = async () => Promise.reject(error);
  expect(await askLanguageModel(QUESTION)).toMatchObject({ ok: false, error: { code } });
});

test.each([
  ['router/gpt', 'router/gpt'],
  ['router/labs/gpt', 'router/labs/gpt'],
  ['labs/gpt', 'router/labs/gpt'],
  ['gpt', 'copilot/gpt'],
])('"%s" asks %s', async (model, asked) => {
  editor.answer = async () => ['85'];
  await askLanguageModel({ ...QUESTION, model });
  expect(editor.sent).toMatchObject([{ model: asked }]);
});

test('a model that is not there is told as such, with those that are, before anything is sent', async () => {
  expect(await askLanguageModel({ ...QUESTION, model: 'other' })).toMatchObject({
    ok: false,
    error: {
      code: 'judge-model-unknown',
      message: 'The editor has no language model "other", but "copilot/gpt", "router/gpt", "router/labs/gpt".',
    },
  });
  expect(editor.sent).toEqual([]);
});

test('a question that is cancelled is cancelled there too, and is not waited for', async () => {
  const abort = new AbortController();
  editor.answer = () => {
    abort.abort();
    return new Promise(() => {});
  };
  expect(await askLanguageModel(QUESTION, { signal: abort.signal })).toMatchObject({
    ok: false,
    error: { code: 'cancelled' },
  });
  expect(editor.sent[0]?.token.isCancellationRequested).toBe(true);
});

test('the models that are offered have a name that a person knows', async () => {
  expect(await offeredModels()).toEqual([
    { id: 'copilot/gpt', name: 'GPT (copilot)' },
    { id: 'router/gpt', name: 'GPT (router)' },
    { id: 'router/labs/gpt', name: 'GPT (router)' },
  ]);
});
