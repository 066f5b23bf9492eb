import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtInTemplates } from '../../src/chat/builtIn.ts';
import { renderChat } from '../../src/chat/render.ts';
import { compileTemplate } from '../../src/chat/template.ts';
import type { ChatMessage } from '../../src/protocol/chat.ts';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { STARTER } from './expected.ts';

// What transformers' apply_chat_template says, as test/parity/chat/generate.py writes it.

interface Case {
  readonly name: string;
  readonly source: 'built-in' | 'given';
  readonly template: string;
  readonly chats: ReadonlyArray<{
    readonly messages: readonly ChatMessage[];
    readonly withPrompt: Rendering;
    readonly withoutPrompt: Rendering;
  }>;
}

type Rendering = { readonly text: string; readonly ids: readonly number[] } | { readonly raised: string };

const cases = JSON.parse(readFileSync(path.resolve('test/parity/chat/fixtures/expected.json'), 'utf8')) as Case[];
const tokenizer = await loadTokenizer(STARTER);
const model = { folder: STARTER, tokenizer, contextLength: 512 };

const specialTokens = { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' };

test('the built-in templates are those that transformers rendered', () => {
  const rendered = cases.filter(({ source }) => source === 'built-in').map(({ name, template }) => [name, template]);
  expect(rendered).toEqual(Object.entries(builtInTemplates).map(([name, { text }]) => [name, text]));
});

describe.each(cases)('$name renders as in transformers', ({ template, source, name, chats }) => {
  const compiled = compileTemplate(template);
  const render = (messages: readonly ChatMessage[], prompt: boolean): string =>
    compiled({ ...specialTokens, tools: null, documents: null, messages, add_generation_prompt: prompt });

  test.each(chats)('chat %#', ({ messages, withPrompt, withoutPrompt }) => {
    for (const [prompt, expected] of [[true, withPrompt] as const, [false, withoutPrompt] as const]) {
      if ('raised' in expected) expect(() => render(messages, prompt)).toThrow(expected.raised);
      else expect(render(messages, prompt)).toBe(expected.text);
    }
  });

  test.each(chats)('chat %#, as the model gets it', async ({ messages, withPrompt, withoutPrompt }) => {
    const chat = renderChat({ messages, template: source === 'built-in' ? name : template, room: 0 }, model);
    const expected = messages.at(-1)?.role === 'assistant' ? withoutPrompt : withPrompt;
    if ('raised' in expected) return expect(chat).rejects.toMatchObject({ code: 'template-refuses' });
    const { rendered, tokens, dropped } = await chat;
    expect({ rendered, dropped }).toEqual({ rendered: expected.text, dropped: [] });
    expect(tokens.map(({ id }) => id)).toEqual(expected.ids);
    for (const [index, { content }] of messages.entries()) {
      const own = tokens.filter(({ message }) => message === index);
      // A reasoning model's template leaves the reasoning of earlier turns out.
      expect(rendered.slice(own[0]?.start ?? 0, own.at(-1)?.end ?? 0)).toContain(
        content.split('</think>').at(-1)?.trim(),
      );
    }
  });
});
