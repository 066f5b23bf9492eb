import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/protocol/chat.ts';
import type { GenerationUpdate } from '../../../src/protocol/generation.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { testEngine } from '../../parity/engine.ts';
import { STARTER } from '../../parity/expected.ts';

const engine = testEngine();
const messages = [{ role: 'user', content: 'The movie was full of' }] as const;
const greedy = { decoding: 'greedy', maxNewTokens: 8 } as const;
const ask = (request: Partial<ChatRequest>, call = {}) =>
  engine.chat({ model: STARTER, device: 'cpu', messages, top: 0, ...request }, call);

describe('a chat', () => {
  test('without settings is only rendered', async () => {
    const chat = await valueOf(ask({}));
    expect(chat).toMatchObject({ rendered: 'User: The movie was full of\nAssistant:', reply: null, device: null });
    expect(chat.tokens.map(({ text }) => text).join('')).toBe(chat.rendered);
  });

  test('is answered with what the model generates after the rendered text, told on the way', async () => {
    const updates: GenerationUpdate[] = [];
    const chat = await valueOf(
      ask({ settings: greedy, stopAtTurn: false }, { onUpdate: (update: GenerationUpdate) => updates.push(update) }),
    );
    const request = { model: STARTER, device: 'cpu', prompt: chat.rendered, settings: [greedy], top: 0 } as const;
    const { columns } = await valueOf(engine.generate(request));
    expect(chat.reply).toEqual(columns[0]?.generations[0]);
    expect(updates.map(update => ('text' in update ? update.text : '')).join('')).toBe(chat.reply?.text);
  });

  test('ends before the turn marker unless that is switched off', async () => {
    const { reply: whole } = await valueOf(ask({ settings: greedy, stopAtTurn: false }));
    // Its third token is made to begin the next turn.
    const marker = whole?.tokens[2]?.text ?? '';
    const template = `{% for m in messages %}{{ m.content }}{% if m.role == 'user' %}\nAssistant:{% else %}${marker}{% endif %}{% endfor %}`;
    const rendered = {
      template,
      settings: greedy,
      messages: [{ role: 'user', content: 'User: The movie was full of' }],
    } as const;
    const stopped = await valueOf(ask(rendered));
    expect(stopped.turnMarkers).toEqual([marker.trim()]);
    expect(stopped.reply).toMatchObject({ finishReason: 'stop' });
    expect(whole?.text.startsWith(stopped.reply?.text ?? 'none')).toBe(true);
    const { reply } = await valueOf(ask({ ...rendered, stopAtTurn: false }));
    expect(reply).toMatchObject({ finishReason: 'length', text: whole?.text });
  });

  test('tells the seed', async () => {
    const settings = { decoding: 'sample', maxNewTokens: 3 } as const;
    const { seed, reply } = await valueOf(ask({ settings }));
    expect((await valueOf(ask({ settings: { ...settings, seed: seed ?? -1 } }))).reply).toEqual(reply);
  });

  test('leaves room for the reply', async () => {
    const turn = { role: 'user', content: 'word '.repeat(200) } as const;
    const reply = { role: 'assistant', content: 'Yes.' } as const;
    const long = [turn, reply, turn, reply, ...messages];
    const dropped = async (maxNewTokens: number) =>
      (await valueOf(ask({ messages: long, room: maxNewTokens }))).dropped;
    expect([await dropped(1), await dropped(250), await dropped(400)]).toEqual([[], [0, 1], [0, 1, 2, 3]]);
  });

  test.each<[string, Partial<ChatRequest>]>([
    ['reply-not-due', { messages: [...messages, { role: 'assistant', content: 'surprises' }], settings: greedy }],
    ['replies-several', { settings: { decoding: 'sample', maxNewTokens: 3, count: 2 } }],
    ['replies-several', { settings: { decoding: 'beam', maxNewTokens: 3, beams: 2, returned: 2 } }],
    ['setting-invalid', { settings: { decoding: 'greedy', maxNewTokens: 0 } }],
    ['messages-too-long', { settings: { decoding: 'greedy', maxNewTokens: 512 } }],
    ['messages-invalid', { messages: [], settings: greedy }],
    ['messages-invalid', { messages: 'Hello' as never, settings: greedy }],
    ['template-syntax', { template: '{{' }],
    ['model-unknown', { model: 'nowhere' }],
  ])('is refused with %s: %j', async (code, request) => {
    expect(await ask(request)).toMatchObject({ ok: false, error: { code } });
  });

  test('can be cancelled while its reply is made', async () => {
    const abort = new AbortController();
    const onUpdate = () => abort.abort();
    expect(await ask({ settings: greedy }, { signal: abort.signal, onUpdate })).toMatchObject({
      error: { code: 'cancelled' },
    });
  });
});
