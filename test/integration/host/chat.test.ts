import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorWith, lab, type OpenedLab, until } from './lab.ts';

describe('Chat', () => {
  let chatLab: OpenedLab;
  before(async () => {
    chatLab = await lab();
    await vscode.commands.executeCommand('lmLab.showChat');
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  beforeEach(() => {
    chatLab.chatPanel.chat.clear();
    chatLab.chatPanel.chat.set({
      system: '',
      draft: '',
      template: { kind: 'named', name: null },
      settings: { decoding: 'greedy', maxNewTokens: 12 },
    });
  });

  const messages = JSON.stringify([
    { role: 'system', content: 'You talk about films.' },
    { role: 'user', content: 'Hello' },
  ]);

  it('renders what is written, and says that the starter has no template of its own', async () => {
    const { chatPanel } = chatLab;
    chatPanel.chat.set({ system: 'Be brief.', draft: 'Hello' });
    const { rendering, contextLength } = await until(
      () => chatPanel.snapshot,
      ({ rendering }) => rendering.chat?.rendered.includes('Hello') ?? false,
    );
    assert.equal(rendering.chat?.rendered, 'System: Be brief.\nUser: Hello\nAssistant:');
    assert.deepEqual(rendering.chat?.modelTemplates, []);
    assert.equal(contextLength, 512);
  });

  it('replies token by token, and a reply of its own follows it', async () => {
    const { chat } = chatLab.chatPanel;
    let streamed = '';
    const listener = (turn: number, _tokens: unknown, text: string): void => {
      if (turn === 1) streamed += text;
    };
    chat.events.on('stream', listener);
    await chat.send('What is a film?');
    await chat.send('And a book?');
    chat.events.off('stream', listener);
    const { turns } = chat.session;
    assert.deepEqual(
      turns.map(({ role }) => role),
      ['user', 'assistant', 'user', 'assistant'],
    );
    const [reply] = turns.flatMap(({ reply }) => reply ?? []);
    assert.ok(reply && reply.tokens.length > 0 && reply.tokens.length <= 12);
    assert.ok(reply.tokens.every(({ probability, rank, top }) => probability > 0 && rank === 1 && top?.length === 10));
    assert.ok(streamed !== '' && turns[1]?.content.startsWith(streamed), `streamed ${streamed}`);
    assert.match(chat.work.rendering.chat?.rendered ?? '', /User: What is a film\?\nAssistant:/);
  });

  it('tells line and column of an error in a template, and marks it in its editor', async () => {
    const { chat } = chatLab.chatPanel;
    chat.set({ draft: 'Hello', template: { kind: 'own' }, ownTemplate: 'a\n{{ messages' });
    const { error } = await until(
      () => chat.work.rendering,
      ({ error }) => error !== null,
    );
    assert.match(error?.message ?? '', /^Line 2, column \d+/);
    const marked = (): vscode.Diagnostic[] =>
      vscode.languages
        .getDiagnostics()
        .filter(([uri]) => uri.path.endsWith('.jinja'))
        .flatMap(([, problems]) => problems);
    assert.deepEqual(
      marked().map(({ range }) => range.start.line),
      [1],
    );
    chat.set({ ownTemplate: '{{ messages[0].content }}!' });
    await until(
      () => chat.work.rendering,
      ({ chat, error }) => error === null && chat?.rendered === 'Hello!',
    );
    assert.deepEqual(marked(), []);
  });

  it('takes the messages of the JSON file in the editor; those that are invalid leave the chat as it is', async () => {
    const { chat } = chatLab.chatPanel;
    await editorWith(messages, 'json');
    await vscode.commands.executeCommand('lmLab.openAsChat');
    assert.deepEqual(
      [chat.session.system, chat.session.turns.map(({ content }) => content)],
      ['You talk about films.', ['Hello']],
    );
    await editorWith('[{"role": "user"}]', 'json');
    void vscode.commands.executeCommand('lmLab.openAsChat'); // ends when its message is closed
    await new Promise(resolve => setTimeout(resolve, 500));
    assert.equal(chat.session.turns.length, 1);
  });

  it('a reply is stopped within a token, and an engine that is killed leaves a panel that goes on', async () => {
    const { chat } = chatLab.chatPanel;
    chat.set({ settings: { decoding: 'sample', maxNewTokens: 300, seed: 1, ban: [50256] }, stopAtTurn: false });
    const tokens = (): number => chat.session.turns.at(-1)?.reply?.tokens.length ?? 0;
    void chat.send('Tell me a long story.');
    await until(tokens, count => count >= 3);
    chat.stop();
    const kept = tokens();
    assert.equal(chat.session.turns.at(-1)?.reply?.ending, 'stopped');
    const again = chat.send('Go on.');
    await until(
      () => [chat.session.turns.length, tokens()],
      ([turns, count]) => turns === 4 && (count ?? 0) >= 3,
    );
    assert.ok(chatLab.process.processId);
    process.kill(chatLab.process.processId, 'SIGKILL');
    await again;
    const { state } = chat.work;
    assert.ok(state.kind === 'failed' && state.error.code === 'engine-stopped');
    assert.deepEqual([chat.session.turns.at(-1)?.reply?.ending, kept > 0], ['failed', true]);
    chat.set({ settings: { decoding: 'greedy', maxNewTokens: 3 }, stopAtTurn: true });
    await chat.regenerate(chat.session.turns.at(-1)?.id ?? 0);
    assert.deepEqual([chat.work.state.kind, tokens() > 0], ['idle', true]);
  });

  it('drops the oldest turns where the context is full, and says which', async () => {
    const { chat } = chatLab.chatPanel;
    const turns = Array.from({ length: 40 }, (_, i) => ({
      role: i % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `${i}: the movie was full of surprises, and nobody knew why it had been made at all.`,
    }));
    await chat.load(turns, 'long.json');
    const { chat: rendered } = await until(
      () => chat.work.rendering,
      ({ chat }) => (chat?.dropped.length ?? 0) > 0,
    );
    assert.equal(rendered?.dropped[0], 0);
    assert.ok((rendered?.tokens.length ?? 0) + 12 <= 512);
  });
});
