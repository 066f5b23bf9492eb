import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { builtInTemplates } from '../../../src/chat/builtIn.ts';
import { renderChat } from '../../../src/chat/render.ts';
import type { ChatMessage } from '../../../src/protocol/chat.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';

const STARTER = path.resolve('models/starter');
const tokenizer = await loadTokenizer(STARTER);

const folders: string[] = [];
afterAll(() => Promise.all(folders.map(folder => rm(folder, { recursive: true }))));

/** A model folder with these files, which holds nothing but what chats need. */
async function modelWith(files: Readonly<Record<string, string>>, contextLength = 512) {
  const folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-chat-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return { folder, tokenizer, contextLength };
}

const says =
  (role: ChatMessage['role']) =>
  (content: string): ChatMessage => ({ role, content });
const [system, user, assistant] = [says('system'), says('user'), says('assistant')];

const TURNS = [system('S'), user('one'), assistant('two'), user('three'), assistant('four'), user('five')];
/** A token for each digit, letter and line break, so that lengths can be counted. */
const WORDS = '{% for m in messages %}{{ m.content }}\n{% endfor %}{% if add_generation_prompt %}>{% endif %}';

describe('a built-in template', () => {
  // The prompts of contracts.md, section 5.
  test.each([
    [
      'alpaca',
      'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nGo.\n\n### Response:\n',
    ],
    ['question-answer', '### Question: Go.\n### Answer: '],
    ['phi-3', '<|user|>\nGo.\n<|assistant|>\n'],
    ['plain', 'User: Go.\nAssistant:'],
    ['chatml', '<|im_start|>user\nGo.<|im_end|>\n<|im_start|>assistant\n'],
    ['zephyr', '<|user|>\nGo.<|endoftext|>\n<|assistant|>\n'],
  ])('%s asks for a reply', async (template, expected) => {
    const chat = await renderChat({ messages: [user('Go.')], template, room: 0 }, await modelWith({}));
    expect(chat).toMatchObject({ rendered: expected, template: { name: template, source: 'built-in' } });
  });

  // A reply's scored text in training is what rendering it adds.
  test.each(Object.keys(builtInTemplates))('%s goes on where the prompt for a reply ended', async template => {
    const model = await modelWith({});
    for (let end = 2; end < TURNS.length; end += 2) {
      const before = await renderChat({ messages: TURNS.slice(0, end), template, room: 0 }, model);
      const after = await renderChat({ messages: TURNS.slice(0, end + 1), template, room: 0 }, model);
      expect(after.rendered.startsWith(before.rendered)).toBe(true);
    }
  });

  test.each(Object.keys(builtInTemplates))(
    '%s begins the next turn with a marker, or ends one with <|endoftext|>',
    async template => {
      const chat = await renderChat(
        { messages: [user('Q'), assistant('reply'), user('N')], template, room: 0 },
        await modelWith({}),
      );
      const [between = ''] = chat.rendered.split('reply')[1]?.split('N') ?? [];
      expect([...chat.turnMarkers, '<|endoftext|>'].some(marker => between.trimEnd().includes(marker.trimEnd()))).toBe(
        true,
      );
    },
  );
});

describe('the template', () => {
  const config = (chat_template: unknown, more = {}): string => JSON.stringify({ chat_template, ...more });
  const named = [
    { name: 'default', template: 'D {{ messages[0].content }}' },
    { name: 'tool_use', template: 'T {{ messages[0].content }}' },
  ];
  test.each<[string, Record<string, string>, string | undefined, object]>([
    [
      'plain roles without one',
      {},
      undefined,
      { rendered: 'User: Q\nAssistant:', template: { name: 'plain', source: 'built-in' }, modelTemplates: [] },
    ],
    [
      'of tokenizer_config.json',
      { 'tokenizer_config.json': config('C {{ messages[0].content }}') },
      undefined,
      { rendered: 'C Q', template: { name: 'default', source: 'model' } },
    ],
    [
      'the default of several',
      { 'tokenizer_config.json': config(named) },
      undefined,
      { rendered: 'D Q', modelTemplates: ['default', 'tool_use'] },
    ],
    [
      'one of several by name',
      { 'tokenizer_config.json': config(named) },
      'tool_use',
      { rendered: 'T Q', template: { name: 'tool_use', source: 'model' } },
    ],
    [
      'a file before tokenizer_config.json',
      { 'tokenizer_config.json': config('C'), 'chat_template.jinja': 'F {{ messages[0].content }}' },
      undefined,
      { rendered: 'F Q' },
    ],
    [
      'of additional files',
      { 'chat_template.jinja': 'F', 'additional_chat_templates/rag.jinja': 'R {{ messages[0].content }}' },
      'rag',
      { rendered: 'R Q', modelTemplates: ['default', 'rag'] },
    ],
    [
      'a built-in one although the model has its own',
      { 'chat_template.jinja': 'F' },
      'chatml',
      { template: { name: 'chatml', source: 'built-in' }, modelTemplates: ['default'] },
    ],
    [
      'given as Jinja text',
      { 'chat_template.jinja': 'F' },
      '{{ messages[0].content }}?',
      { rendered: 'Q?', template: { name: 'given', source: 'given' } },
    ],
    [
      'with the special tokens of the files',
      {
        'tokenizer_config.json': config('{{ bos_token }}{{ eos_token }}{{ image_token }}', {
          bos_token: { content: '<b>' },
          image_token: '<i>',
          eos_token: null,
        }),
      },
      undefined,
      { rendered: '<b><i>' },
    ],
  ])('%s', async (_, files, template, expected) => {
    const request = { messages: [user('Q')], room: 0, ...(template !== undefined && { template }) };
    expect(await renderChat(request, await modelWith(files))).toMatchObject(expected);
  });

  test.each<[string, Record<string, string>, string | undefined, object]>([
    [
      'an unknown name',
      {},
      'chatlm',
      {
        code: 'template-unknown',
        message: expect.stringContaining('“chatlm”'),
        remedy: expect.stringContaining('chatml'),
      },
    ],
    [
      'several, none the default',
      { 'tokenizer_config.json': config([named[1]]) },
      undefined,
      { code: 'template-unknown', remedy: expect.stringContaining('tool_use') },
    ],
    ['no text', {}, '{# nothing #}', { code: 'rendering-empty' }],
    [
      'a broken file',
      { 'tokenizer_config.json': '{' },
      undefined,
      { code: 'tokenizer-config-unreadable', message: expect.stringContaining('tokenizer_config.json') },
    ],
  ])('refused: %s', async (_, files, template, expected) => {
    const request = { messages: [user('Q')], room: 0, ...(template !== undefined && { template }) };
    await expect(renderChat(request, await modelWith(files))).rejects.toMatchObject(expected);
  });

  test('what refuses two messages of one role tells which', async () => {
    const template =
      "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Alternate!') }}{% endif %}{% endfor %}";
    const chat = renderChat(
      { messages: [user('a'), assistant('b'), assistant('c')], template, room: 0 },
      await modelWith({}),
    );
    await expect(chat).rejects.toThrow('Alternate! messages[1] and messages[2] are both of the role assistant.');
  });
});

test('every token knows its message and whether it is special', async () => {
  const messages = [user('Hi there'), assistant('One<|endoftext|>'), user('Two')];
  const { tokens, rendered } = await renderChat({ messages, template: 'zephyr', room: 0 }, await modelWith({}));
  expect(tokens.map(({ text }) => text).join('')).toBe(rendered);
  const of = (message: number): string =>
    tokens
      .filter(token => token.message === message)
      .map(({ text }) => text)
      .join('');
  expect([of(0), of(1), of(2)]).toEqual(['Hi there', 'One<|endoftext|>', 'Two']);
  expect(tokens.filter(({ special }) => special).map(({ text, message }) => [text, message])).toEqual([
    ['<|endoftext|>', null],
    ['<|endoftext|>', 1],
    ['<|endoftext|>', null],
    ['<|endoftext|>', null],
  ]);
});

describe('what does not fit', () => {
  // WORDS makes 2 tokens a message and 1 for the reply: 13 in all; without the first turn 9, without the second 5.
  test.each([
    [13, 0, []],
    [12, 0, [1, 2]],
    [13, 1, [1, 2]],
    [9, 0, [1, 2]],
    [8, 0, [1, 2, 3, 4]],
    [45, 40, [1, 2, 3, 4]],
  ])('of a context of %i with room for %i: the turns %j go', async (contextLength, room, dropped) => {
    const chat = await renderChat({ messages: TURNS, template: WORDS, room }, await modelWith({}, contextLength));
    expect(chat.dropped).toEqual(dropped);
    expect(chat.tokens.map(({ message }) => message).filter(message => message !== null)).toEqual(
      [0, 1, 2, 3, 4, 5].filter(message => !(dropped as number[]).includes(message)),
    );
  });

  test.each([
    [4, 0],
    [5, 1],
  ])('of a context of %i with room for %i: not even the last turn fits', async (contextLength, room) => {
    const chat = renderChat({ messages: TURNS, template: WORDS, room }, await modelWith({}, contextLength));
    await expect(chat).rejects.toMatchObject({
      code: 'messages-too-long',
      message: expect.stringContaining('5 tokens') as string,
    });
  });
});

// What stands between a reply and the next turn, read off each template by eye.
test.each([
  [
    '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}',
    ['<|im_end|>', '<|im_start|>user'],
  ],
  ["{% for m in messages %}{{ '\\n' + m.role }}: {{ m.content }}{% endfor %}", ['\nuser:']],
  [
    "{% for m in messages %}{{ '[INST] ' + m.content + ' [/INST]' if m.role == 'user' else m.content + eos_token }}{% endfor %}",
    ['<|endoftext|>', '[INST]'],
  ],
  [
    '{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}{% if not add_generation_prompt %}{{ eos_token }}{% endif %}',
    ['<|end|>', '<|user|>'],
  ],
  ['{{ messages[0].content }}', []],
  ["{% if messages | length > 1 %}{{ raise_exception('one at a time') }}{% endif %}{{ messages[0].content }}", []],
])('%j marks turns with %j', async (template, expected) => {
  const { turnMarkers } = await renderChat({ messages: [user('Q')], template, room: 0 }, await modelWith({}));
  expect(turnMarkers).toEqual(expected);
});
