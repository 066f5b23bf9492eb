import { expect, test, vi } from 'vitest';
import { Chat } from '../../../../src/host/chat/chat.ts';
import type { ChatAnswer, ChatRequest } from '../../../../src/protocol/chat.ts';
import type { EngineApi, StreamingCall } from '../../../../src/protocol/engine.ts';
import type { GeneratedToken, GenerationUpdate } from '../../../../src/protocol/generation.ts';
import { cancelled, err, ok, reasonOf, type Result } from '../../../../src/protocol/result.ts';

type ChatEngine = EngineApi['chat'];

const token = (text: string): GeneratedToken => ({
  id: text.length,
  text,
  probability: 0.5,
  rank: 1,
  entropy: 1,
  left: { tokens: 10, probability: 1, chance: 0.5 },
});

const rendered: ChatAnswer = {
  rendered: 'User: …',
  tokens: [],
  dropped: [],
  template: { name: 'plain', source: 'built-in' },
  modelTemplates: [],
  turnMarkers: ['\nUser:'],
  device: null,
  reply: null,
};

const answer = (text: string): ChatAnswer => ({
  ...rendered,
  device: { device: 'cpu', precision: 'f32', passedOver: [], threads: 1 },
  reply: { text, finishReason: 'stop', logProbability: -1, tokens: [token(text), token('\n')] },
});

/** An engine that renders at once, and whose replies are given by hand, in their order. */
function engineByHand() {
  const asked: ChatRequest[] = [];
  const calls: Array<StreamingCall<GenerationUpdate> & { answer(result: Result<ChatAnswer>): void }> = [];
  const chat = (request: ChatRequest, call: StreamingCall<GenerationUpdate> = {}): Promise<Result<ChatAnswer>> => {
    if (!request.settings) return Promise.resolve(ok(rendered));
    asked.push(request);
    return new Promise(resolve => {
      call.signal?.addEventListener('abort', () => resolve({ ok: false, error: reasonOf(cancelled()) }));
      calls.push({ ...call, answer: resolve });
    });
  };
  return { asked, calls, chat };
}

function chatWith(engine: ReturnType<typeof engineByHand>): Chat {
  const choice = async () => ok({ model: 'starter' });
  return new Chat({ engine, choice, activeModel: () => 'starter', top: () => 3 });
}

const turnsOf = ({ session }: Chat): string[] =>
  session.turns.map(({ role, content, reply }) => `${role}: ${content}${reply ? ` (${reply.ending})` : ''}`);

const until = (holds: () => boolean) => vi.waitFor(() => expect(holds()).toBe(true));

async function afterOneReply() {
  const engine = engineByHand();
  const chat = chatWith(engine);
  const sent = chat.send('Hello');
  await until(() => engine.calls.length === 1);
  engine.calls[0]?.answer(ok(answer(' Hi.')));
  await sent;
  return { engine, chat };
}

test('what is sent is answered: the messages go as they are, the reply comes with its tokens', async () => {
  const { engine, chat } = await afterOneReply();
  expect(turnsOf(chat)).toEqual(['user: Hello', 'assistant:  Hi. (stop)']);
  expect(chat.session.turns[1]?.reply?.tokens.map(({ text }) => text)).toEqual([' Hi.', '\n']);
  chat.set({ system: 'Be brief.', stopAtTurn: false, template: { kind: 'named', name: 'chatml' } });
  void chat.send('More');
  await until(() => engine.calls.length === 2);
  expect(engine.asked[1]).toMatchObject({
    template: 'chatml',
    stopAtTurn: false,
    top: 3,
    settings: { decoding: 'sample', temperature: 0.7 },
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: ' Hi.' },
      { role: 'user', content: 'More' },
    ],
  });
});

test('a reply that is stopped keeps what has come; what comes later is dropped', async () => {
  const { engine, chat } = await afterOneReply();
  void chat.send('More');
  await until(() => engine.calls.length === 2);
  for (const text of [' and', ' on']) {
    engine.calls[1]?.onUpdate?.({ kind: 'token', column: 0, sample: 0, token: token(text), text });
  }
  chat.stop();
  engine.calls[1]?.onUpdate?.({ kind: 'token', column: 0, sample: 0, token: token(' late'), text: ' late' });
  engine.calls[1]?.answer(ok(answer(' late')));
  await Promise.resolve();
  expect(turnsOf(chat).slice(2)).toEqual(['user: More', 'assistant:  and on (stopped)']);
  expect(chat.work.state).toEqual({ kind: 'idle' });
});

test('a reply bears the model that was asked, whatever is chosen meanwhile', async () => {
  const { engine, chat } = await afterOneReply();
  const sent = chat.send('More');
  await until(() => engine.calls.length === 2);
  chat.set({ model: 'gpt2' });
  engine.calls[1]?.answer(ok(answer(' Well.')));
  await sent;
  expect(chat.session.turns.at(-1)).toMatchObject({ content: ' Well.', reply: { model: 'starter' } });
});

test('where nothing has come, stopping a regeneration brings the old reply back', async () => {
  const { engine, chat } = await afterOneReply();
  void chat.regenerate(1);
  await until(() => engine.calls.length === 2);
  expect(turnsOf(chat)).toEqual(['user: Hello', 'assistant:  (running)']);
  chat.stop();
  expect(turnsOf(chat)).toEqual(['user: Hello', 'assistant:  Hi. (stop)']);
});

test('an engine that dies in the middle leaves its words and a reason; the next reply works', async () => {
  const { engine, chat } = await afterOneReply();
  const sent = chat.send('More');
  await until(() => engine.calls.length === 2);
  engine.calls[1]?.onUpdate?.({ kind: 'token', column: 0, sample: 0, token: token(' half'), text: ' half' });
  engine.calls[1]?.answer(err('engine-stopped', 'The engine stopped.', 'Try again.'));
  await sent;
  expect(turnsOf(chat).at(-1)).toBe('assistant:  half (failed)');
  expect(chat.work.state).toMatchObject({ kind: 'failed', error: { code: 'engine-stopped' } });
  const again = chat.regenerate(3);
  await until(() => engine.calls.length === 3);
  engine.calls[2]?.answer(ok(answer(' whole')));
  await again;
  expect(turnsOf(chat).at(-1)).toBe('assistant:  whole (stop)');
  expect(chat.work.state).toEqual({ kind: 'idle' });
});

test('turns are edited, regenerated from and deleted from; what went comes back by undo', async () => {
  const { engine, chat } = await afterOneReply();
  chat.edit(1, 'No.');
  expect(turnsOf(chat)).toEqual(['user: Hello', 'assistant: No.']);
  chat.deleteFrom(0);
  expect([turnsOf(chat), chat.work.undoable]).toEqual([[], 'Deleted 2 turns.']);
  chat.undo();
  expect([turnsOf(chat), chat.work.undoable]).toEqual([['user: Hello', 'assistant: No.'], null]);
  void chat.regenerate(0);
  await until(() => engine.calls.length === 2);
  expect(engine.asked[1]?.messages).toEqual([{ role: 'user', content: 'Hello' }]);
});

test('the stream is told in batches that join to the text, and a snapshot in between has them', async () => {
  const engine = engineByHand();
  const chat = chatWith(engine);
  const told: string[] = [];
  chat.events.on('stream', (_turn, tokens, text) => told.push(`${tokens.length}:${text}`));
  void chat.send('Hello');
  await until(() => engine.calls.length === 1);
  const [call] = engine.calls;
  for (const text of ['a', 'b']) call?.onUpdate?.({ kind: 'token', column: 0, sample: 0, token: token(text), text });
  await until(() => told.length === 1);
  expect([told, turnsOf(chat).at(-1)]).toEqual([['2:ab'], 'assistant: ab (running)']);
  chat.dispose();
});

test('a rendering that fails keeps the last one and tells why', async () => {
  const failing = err('template-syntax', 'Line 3, column 1 of the template is not valid Jinja.', 'Correct it.');
  const engine = { chat: vi.fn<ChatEngine>(async () => ok(rendered)) };
  const chat = new Chat({ engine, choice: async () => ok({ model: 'a' }), activeModel: () => 'a', top: () => 0 });
  chat.set({ draft: 'Hello' });
  await until(() => chat.work.rendering.chat !== null);
  engine.chat.mockResolvedValueOnce(failing);
  chat.set({ template: { kind: 'own' }, ownTemplate: '{% if' });
  await until(() => chat.work.rendering.error !== null);
  expect(chat.work.rendering).toMatchObject({ chat: { rendered: 'User: …' }, error: { code: 'template-syntax' } });
  expect(engine.chat).toHaveBeenLastCalledWith(
    expect.objectContaining({ template: '{% if', room: 100 }),
    expect.anything(),
  );
});

test('messages that the engine finds invalid replace nothing', async () => {
  const invalid = err('messages-invalid', 'messages[0] has no role.', 'A role is one of …');
  const engine = { chat: vi.fn<ChatEngine>(async () => invalid) };
  const chat = new Chat({ engine, choice: async () => ok({ model: 'a' }), activeModel: () => 'a', top: () => 0 });
  expect(await chat.load([], 'a.json')).toBe(invalid);
  expect(chat.session.turns).toEqual([]);
});
