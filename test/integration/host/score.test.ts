import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { keepScores, keptScores } from '../../../src/host/scoring/keptScores.ts';
import { editorWith, lab, type OpenedLab, select, until } from './lab.ts';

const SENTENCES = [
  'The movie was full of surprises',
  'The movies were full of surprises',
  'The movie were full of surprises',
  'The movies was full of surprises',
];

describe('Score Perplexity', () => {
  let editorLab: OpenedLab;
  before(async () => {
    editorLab = await lab();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const heatOf = (editor: vscode.TextEditor): string[] =>
    editorLab.heat
      .drawn(editor)
      .flat()
      .map(range => editor.document.getText(range));

  it('scores a selection: figures in the panel, heat in the editor', async () => {
    const editor = await editorWith(`Before. ${SENTENCES[2]}. After.`);
    await select(editor, [8, 8 + 32]);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    const { state, texts, model, device, stale } = editorLab.panel.snapshot;
    assert.deepEqual([state.kind, model, stale], ['ready', 'starter', false]);
    assert.equal(device, 'cpu');
    assert.deepEqual(
      texts.map(({ offset, line, scored }) => [offset, line, scored.text, scored.scoredTokens]),
      [[8, 1, SENTENCES[2], 5]],
    );
    assert.ok(texts[0]?.scored.perplexity);
    assert.ok(heatOf(editor).includes(' surprises'), `heat on ${heatOf(editor)}`);
    assert.ok(!heatOf(editor).some(text => /Before|After/.test(text)));
  });

  it('compares several selections, and the lines of one', async () => {
    const text = `${SENTENCES.slice(0, 3).join('\n')}\n \n${SENTENCES[3]}\n`;
    const editor = await editorWith(text);
    await select(editor, [0, text.length]);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    assert.deepEqual(
      editorLab.panel.snapshot.texts.map(({ scored }) => scored.text),
      SENTENCES,
    );
    assert.deepEqual(
      editorLab.panel.snapshot.texts.map(({ line }) => line),
      [1, 2, 3, 5],
    );
    await select(editor, [36, 42], [4, 9]);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    assert.deepEqual(
      editorLab.panel.snapshot.texts.map(({ scored }) => scored.text),
      ['movie', 'movies'],
    );
  });

  it('takes the line of the cursor where nothing is selected, and says so where that is blank', async () => {
    const editor = await editorWith(`${SENTENCES[0]}\n\n`);
    await select(editor, [3, 3]);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    const { texts } = editorLab.panel.snapshot;
    assert.equal(texts[0]?.scored.text, SENTENCES[0]);
    await select(editor, [32, 32]);
    void vscode.commands.executeCommand('lmLab.scorePerplexity'); // ends when its message is closed
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.equal(editorLab.panel.snapshot.texts[0]?.scored.text, SENTENCES[0]);
  });

  it('takes stale heat away from edited lines, and gives it back to an undo', async () => {
    const editor = await editorWith(`${SENTENCES[0]}\n${SENTENCES[1]}`);
    await select(editor, [0, 65]);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    const before = heatOf(editor);
    assert.equal(before.filter(text => text === ' surprises').length, 2);
    await editor.edit(edit => edit.insert(new vscode.Position(0, 3), 'n'));
    assert.equal(editorLab.panel.snapshot.stale, true);
    assert.equal(heatOf(editor).filter(text => text === ' surprises').length, 1);
    assert.ok(
      editorLab.heat
        .drawn(editor)
        .flat()
        .every(range => range.start.line === 1),
    );
    await vscode.commands.executeCommand('undo');
    await until(
      () => heatOf(editor),
      heat => heat.length === before.length,
    );
    assert.deepEqual([heatOf(editor), editorLab.panel.snapshot.stale], [before, false]);
  });

  it('clears heat, and keeps the figures', async () => {
    const editor = await editorWith(SENTENCES[0] ?? '');
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    assert.ok(heatOf(editor).length > 0);
    await vscode.commands.executeCommand('lmLab.clearHeat');
    assert.deepEqual(heatOf(editor), []);
    assert.equal(editorLab.panel.snapshot.texts.length, 1);
  });

  it('replaces a token as one step of undo', async () => {
    const editor = await editorWith(SENTENCES[0] ?? '');
    const { document } = editor;
    const target = { uri: document.uri.toString(), version: document.version, start: 9, end: 13 };
    await vscode.commands.executeCommand('lmLab.writeToken', { ...target, text: ' is' });
    assert.equal(document.getText(), 'The movie is full of surprises');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), SENTENCES[0]);
  });

  it('scores a whole file, in windows as it is longer than the context of 512', async () => {
    const text = Array.from({ length: 45 }, (_, i) => `${i}. ${SENTENCES[i % 4]}, and nobody knew why.`).join('\n');
    const editor = await editorWith(text);
    await vscode.commands.executeCommand('lmLab.scoreFile');
    const { texts } = editorLab.panel.snapshot;
    assert.equal(texts.length, 1);
    assert.ok((texts[0]?.scored.scoredTokens ?? 0) > 512);
    assert.ok(heatOf(editor).length > 100);
  });

  it('keeps the scores over a reload: stale where the text has changed', async () => {
    const folder = vscode.Uri.file(await mkdtemp(path.join(tmpdir(), 'lm-lab-kept-')));
    const file = vscode.Uri.joinPath(folder, 'kept.txt');
    const write = (text: string) => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    await write(SENTENCES[0] ?? '');
    await vscode.window.showTextDocument(file);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    const { current } = editorLab.scores;
    assert.ok(current);
    await keepScores(folder, current);
    const kept = await keptScores(folder);
    assert.deepEqual([kept?.model, kept?.document.texts], [current.model, current.document.texts]);
    assert.deepEqual([kept?.document.stale, kept?.document.tokens.length], [false, 6]);
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), 'Oh. '));
    const stale = await keptScores(folder);
    assert.deepEqual([stale?.document.stale, stale?.document.tokens], [true, []]);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('a killed engine is told, and the next request works', async () => {
    await editorWith(Array.from({ length: 400 }, (_, i) => `${i} ${SENTENCES[i % 4]}`).join('\n'));
    await editorLab.models.refresh();
    const { processId } = editorLab.process;
    assert.ok(processId);
    void vscode.commands.executeCommand('lmLab.scoreFile');
    await until(
      () => editorLab.process.state,
      state => state === 'busy',
    );
    process.kill(processId, 'SIGKILL');
    const { state } = await until(
      () => editorLab.panel.snapshot,
      snapshot => snapshot.state.kind === 'failed',
    );
    assert.ok(state.kind === 'failed');
    assert.equal(state.error.code, 'engine-stopped');
    assert.match(state.error.message, /SIGKILL/);
    await editorWith(SENTENCES[1] ?? '');
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    assert.deepEqual(
      [editorLab.panel.snapshot.state.kind, editorLab.panel.snapshot.texts[0]?.scored.text],
      ['ready', SENTENCES[1]],
    );
    assert.notEqual(editorLab.process.processId, processId);
  });
});
