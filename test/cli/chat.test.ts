import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChatAnswer } from '../../src/protocol/chat.ts';
import { NODES, run, scratch } from './run.ts';

const messages = path.join(scratch, 'messages.json');
writeFileSync(
  messages,
  JSON.stringify([
    { role: 'user', content: 'The movie was full of' },
    { role: 'assistant', content: 'surprises.' },
    { role: 'user', content: 'And the book?' },
  ]),
);
const RENDERED = 'User: The movie was full of\nAssistant: surprises.\nUser: And the book?\nAssistant:';

describe.each(NODES)('%s', node => {
  const chat = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(node, ['chat', '--messages', messages, ...args]);
    return { code, stdout, stderr, answer: () => JSON.parse(stdout) as ChatAnswer };
  };

  it('--render shows what the model gets and generates nothing', async () => {
    const { rendered, tokens, reply } = (await chat('--render', '--json')).answer();
    expect({ rendered, reply }).toEqual({ rendered: RENDERED, reply: null });
    expect(tokens.map(({ text }) => text).join('')).toBe(RENDERED);
    expect((await chat('--render')).stdout).toBe(`${RENDERED}\n`);
  });

  it('replies with generate’s options, by the template that is named', async () => {
    const options = [
      '--template',
      'question-answer',
      '--decoding',
      'sample',
      '--seed',
      '3',
      '--max-new-tokens',
      '5',
      '--json',
    ];
    const { rendered, reply } = (await chat(...options)).answer();
    expect(rendered).toMatch(/\n### Answer: $/);
    expect(reply?.tokens.length).toBeLessThanOrEqual(5);
    expect((await chat(...options)).answer().reply).toEqual(reply);
  });

  it('--render leaves the room that a reply would need, and tells what is left out', async () => {
    const { stderr, answer } = await chat('--render', '--max-new-tokens', '495', '--json');
    expect(answer().dropped).toEqual([0, 1]);
    expect(stderr).toContain('messages [0] [1]');
  });

  it.each([
    [['--template', 'a\n{% if x %}'], 1, 'template-syntax'],
    [['--template', 'chatlm'], 1, 'template-unknown'],
    [['--max-new-tokens', '600'], 1, 'messages-too-long'],
    [['--top-k', '3'], 2, 'wrong-usage'],
  ])('%j ends with %i and %s', async (args, expectedCode, reason) => {
    const { code, stdout } = await chat(...args, '--json');
    expect({ code, error: JSON.parse(stdout) as unknown }).toMatchObject({
      code: expectedCode,
      error: { error: { code: reason } },
    });
  });

  it('messages that are no JSON are told with the file', async () => {
    const { code, stderr } = await run(node, ['chat', '--messages', '-'], '[{');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Standard input is not valid JSON') });
  });
});
