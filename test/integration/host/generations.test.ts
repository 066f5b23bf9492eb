import assert from 'node:assert/strict';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { newColumn } from '../../../src/host/generation/columns.ts';
import { keepSession, keptSession } from '../../../src/host/generation/session.ts';
import { isUnderWay, textOf, tokensOf } from '../../../src/protocol/branches.ts';
import type { SettingsForm } from '../../../src/protocol/decodingOptions.ts';
import type { ColumnResult } from '../../../src/protocol/panels/generations.ts';
import { editorWith, lab, type OpenedLab, select, until } from './lab.ts';

const PROMPT = 'The movie was full of';

describe('Generations', () => {
  let editorLab: OpenedLab;
  before(async () => {
    editorLab = await lab();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  /** Columns of these settings, run. */
  async function run(...settings: SettingsForm[]): Promise<ColumnResult[]> {
    const { generations } = editorLab;
    begin(...settings);
    await generations.run();
    return results();
  }

  function begin(...settings: SettingsForm[]): void {
    const { generations } = editorLab;
    generations.setPrompt(PROMPT);
    generations.setColumns(settings.map((one, i) => newColumn({ name: `column ${i}`, settings: one })));
  }

  const results = (): ColumnResult[] =>
    editorLab.generations.session.columns.flatMap(({ id }) => editorLab.generations.result(id) ?? []);

  const readText = ({ branches, selected }: ColumnResult): string => textOf(tokensOf(branches, selected));

  it('runs columns side by side: a text each, with probability, rank, entropy and alternatives of every token', async () => {
    const [greedy, beam, sample] = await run(
      { decoding: 'greedy', maxNewTokens: 6 },
      { decoding: 'beam', maxNewTokens: 6, beams: 3, returned: 2 },
      { decoding: 'sample', maxNewTokens: 6, topP: 0.9, seed: 7, count: 2 },
    );
    assert.ok(greedy && beam && sample);
    const tokens = tokensOf(greedy.branches, greedy.selected);
    assert.equal(tokens.length, 6);
    assert.ok(
      tokens.every(
        ({ rank, probability, entropy, top }) => rank === 1 && probability > 0 && entropy > 0 && top?.length === 10,
      ),
    );
    assert.equal(readText(greedy), tokens.map(({ text }) => text).join(''));
    assert.deepEqual([beam.branches.length, sample.branches.length], [2, 2]);
    assert.ok(beam.beams.length > 0 && (beam.branches[0]?.score ?? 0) >= (beam.branches[1]?.score ?? 0));
    assert.equal(sample.branches[0]?.seed, 7);
    assert.equal(greedy.device, 'cpu');
    const [again] = await run({ decoding: 'sample', maxNewTokens: 6, topP: 0.9, seed: 7, count: 2 });
    assert.deepEqual(
      again?.branches.map(({ tokens }) => tokens.map(({ id }) => id)),
      sample.branches.map(({ tokens }) => tokens.map(({ id }) => id)),
    );
  });

  it('branches: the text goes on from another token, which can be walked back', async () => {
    const [before] = await run({ decoding: 'greedy', maxNewTokens: 8 });
    const { generations } = editorLab;
    const column = generations.session.columns[0]?.id ?? '';
    const other = before?.branches[0]?.tokens[2]?.top?.[3];
    assert.ok(before && other);
    await generations.branch(column, 0, 2, other.id);
    const after = generations.result(column);
    assert.ok(after);
    const [original, branch] = after.branches;
    assert.deepEqual([branch?.parent, branch?.shared, branch?.tokens.length], [0, 2, 6]);
    assert.equal(after.selected, branch?.id);
    assert.ok(readText(after).startsWith(`${textOf(original?.tokens.slice(0, 2) ?? [])}${other.text}`));
    generations.select(column, 0);
    assert.equal(readText(generations.result(column) as ColumnResult), readText(before));
  });

  it('a column that is refused says so, and the others go on', async () => {
    const [wrong, unknown, right] = await run(
      { decoding: 'sample', maxNewTokens: 3, topP: 3 },
      { decoding: 'greedy', maxNewTokens: 3, ban: [999_999] },
      { decoding: 'greedy', maxNewTokens: 3 },
    );
    assert.equal(wrong?.error?.code, 'setting-invalid');
    assert.equal(unknown?.error?.code, 'token-unknown');
    assert.deepEqual([right?.error, right?.branches[0]?.tokens.length], [null, 3]);
  });

  it('a column may use another model, and the others keep the active one', async () => {
    const { generations, models, process: engine } = editorLab;
    const folder = path.join(await mkdtemp(path.join(tmpdir(), 'lm-lab-model-')), 'second');
    await cp(path.join(extensionFolder(), 'models', 'starter'), folder, { recursive: true });
    const added = await engine.api.addModel({ source: folder, activate: false });
    assert.ok(added.ok);
    await models.refresh();
    begin({ decoding: 'greedy', maxNewTokens: 3 }, { decoding: 'greedy', maxNewTokens: 3 });
    const [first, second] = generations.session.columns;
    assert.ok(first && second);
    generations.setColumns([first, { ...second, model: added.value.id }]);
    await generations.run();
    await models.remove(added.value, false);
    assert.deepEqual(
      results().map(({ model }) => model),
      ['starter', added.value.id],
    );
    const [own, other] = results().map(readText);
    assert.ok(own !== '' && own === other);
  });

  it('a prompt that is longer than the context is told', async () => {
    begin({ decoding: 'greedy', maxNewTokens: 3 });
    editorLab.generations.setPrompt('word '.repeat(600));
    await editorLab.generations.run();
    assert.equal(results()[0]?.error?.code, 'prompt-too-long');
  });

  it('stops one column or all, keeps what has come, and runs again', async () => {
    begin(
      { decoding: 'greedy', maxNewTokens: 400 },
      { decoding: 'sample', maxNewTokens: 400, temperature: 2, ban: [50256] },
    );
    const { generations } = editorLab;
    const running = generations.run();
    await until(results, all => all.length === 2 && all.every(({ branches }) => (branches[0]?.tokens.length ?? 0) > 1));
    const [first] = generations.session.columns;
    generations.stop(first?.id);
    assert.deepEqual(results().map(isUnderWay), [false, true]);
    generations.stop();
    await running;
    assert.deepEqual(
      results().map(({ branches }) => branches[0]?.state),
      ['stopped', 'stopped'],
    );
    assert.ok(results().every(({ branches, error }) => (branches[0]?.tokens.length ?? 0) > 1 && error === null));
    const [again] = await run({ decoding: 'greedy', maxNewTokens: 3 });
    assert.equal(again?.branches[0]?.state, 'length');
  });

  it('an engine that is killed in the middle is told in the columns, and the next run works', async () => {
    begin({ decoding: 'sample', maxNewTokens: 400, temperature: 2, ban: [50256] });
    const running = editorLab.generations.run();
    await until(results, ([one]) => (one?.branches[0]?.tokens.length ?? 0) > 1);
    process.kill(editorLab.process.processId ?? 0, 'SIGKILL');
    await running;
    const [killed] = results();
    assert.deepEqual([killed?.error?.code, killed?.branches[0]?.state], ['engine-stopped', 'failed']);
    assert.ok((killed?.branches[0]?.tokens.length ?? 0) > 1);
    const [again] = await run({ decoding: 'greedy', maxNewTokens: 3 });
    assert.equal(again?.branches[0]?.tokens.length, 3);
  });

  it('keeps its session as a file, with what was under way as stopped', async () => {
    await run({ decoding: 'greedy', maxNewTokens: 3 });
    const { session } = editorLab.generations;
    const folder = vscode.Uri.file(await mkdtemp(path.join(tmpdir(), 'lm-lab-kept-')));
    await keepSession(folder, session);
    assert.deepEqual(await keptSession(folder), JSON.parse(JSON.stringify(session)));
    const [column] = session.columns;
    const result = session.results[column?.id ?? ''] as ColumnResult;
    const branches = result.branches.map(branch => ({ ...branch, state: 'running' as const }));
    await keepSession(folder, { ...session, results: { [column?.id ?? '']: { ...result, branches } } });
    const kept = await keptSession(folder);
    assert.equal(kept?.results[column?.id ?? '']?.branches[0]?.state, 'stopped');
  });

  it('Generate from Selection opens the panel with the selection, and counts its tokens', async () => {
    const editor = await editorWith(`Before. ${PROMPT} after.`);
    await select(editor, [8, 8 + PROMPT.length]);
    await vscode.commands.executeCommand('lmLab.generateFromSelection');
    const { generationsPanel } = editorLab;
    assert.equal(generationsPanel.snapshot.prompt, PROMPT);
    const size = await until(
      () => generationsPanel.snapshot.promptSize,
      found => found?.tokens === 5,
    );
    assert.deepEqual(size, { tokens: 5, contextLength: 512 });
  });
});

const extensionFolder = (): string => vscode.extensions.getExtension('lm-lab.lm-lab')?.extensionPath ?? '';

describe('Continue Here', () => {
  let editorLab: OpenedLab;
  before(async () => {
    editorLab = await lab();
  });
  afterEach(async () => {
    await vscode.workspace.getConfiguration('lmLab').update('continue.decoding', undefined, true);
    await vscode.workspace.getConfiguration('lmLab').update('continue.maxNewTokens', undefined, true);
    await vscode.workspace.getConfiguration('lmLab').update('inlineCompletions.enabled', undefined, true);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const set = (name: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration('lmLab').update(name, value, true);

  it('writes on at the cursor as one step of undo, and does not double a space', async () => {
    await set('continue.decoding', 'greedy');
    await set('continue.maxNewTokens', 8);
    const editor = await editorWith(`${PROMPT} \nLast line.`);
    await select(editor, [PROMPT.length + 1, PROMPT.length + 1]);
    await vscode.commands.executeCommand('lmLab.continueHere');
    const text = editor.document.getText();
    assert.match(text, /^The movie was full of the film's best films\.\n/);
    assert.match(text, /\nLast line\.$/);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), `${PROMPT} \nLast line.`);
  });

  it('stops when it is told to, and keeps what it wrote', async () => {
    await set('continue.maxNewTokens', 400);
    await set('continue.decoding', 'greedy');
    const editor = await editorWith(PROMPT);
    await select(editor, [PROMPT.length, PROMPT.length]);
    const continuing = vscode.commands.executeCommand('lmLab.continueHere');
    await until(
      () => editor.document.getText().length,
      length => length > PROMPT.length + 5,
    );
    await vscode.commands.executeCommand('lmLab.stopContinuing');
    await continuing;
    const written = editor.document.getText();
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.equal(editor.document.getText(), written);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), PROMPT);
  });

  it('is one step of undo also where the file is saved while it is written', async () => {
    await set('continue.maxNewTokens', 120);
    await set('continue.decoding', 'greedy');
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'lm-lab-saved-')), 'saved.txt');
    await writeFile(file, PROMPT);
    const document = await vscode.workspace.openTextDocument(file);
    const editor = await vscode.window.showTextDocument(document);
    await select(editor, [PROMPT.length, PROMPT.length]);
    const continuing = vscode.commands.executeCommand('lmLab.continueHere');
    for (const grown of [5, 40]) {
      await until(
        () => document.getText().length,
        length => length > PROMPT.length + grown,
      );
      await document.save();
    }
    await continuing;
    const written = document.getText();
    assert.ok(written.length > PROMPT.length + 60, written);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), PROMPT);
    await vscode.commands.executeCommand('redo');
    assert.equal(document.getText(), written);
  });

  it('leaves the text to whoever writes into it', async () => {
    await set('continue.maxNewTokens', 400);
    await set('continue.decoding', 'greedy');
    const editor = await editorWith(PROMPT);
    await select(editor, [PROMPT.length, PROMPT.length]);
    const continuing = vscode.commands.executeCommand('lmLab.continueHere');
    await until(
      () => editor.document.getText().length,
      length => length > PROMPT.length + 5,
    );
    await vscode.commands.executeCommand('type', { text: '§' });
    await continuing;
    assert.match(editor.document.getText(), /^The movie was full of.+§$/s);
  });

  it('writes nowhere else where the text changes while the model is still loaded', async () => {
    await set('continue.decoding', 'greedy');
    await set('continue.maxNewTokens', 8);
    const editor = await editorWith(PROMPT);
    await select(editor, [PROMPT.length, PROMPT.length]);
    await vscode.commands.executeCommand('lmLab.restartEngine');
    const continuing = vscode.commands.executeCommand('lmLab.continueHere');
    await new Promise(resolve => setTimeout(resolve, 50));
    await editor.edit(edit => edit.insert(new vscode.Position(0, 0), 'Before. '));
    await continuing;
    assert.ok(editor.document.getText().startsWith(`Before. ${PROMPT}`), editor.document.getText());
  });

  it('ends when its editor is closed', async () => {
    await set('continue.maxNewTokens', 400);
    await set('continue.decoding', 'greedy');
    const editor = await editorWith(PROMPT);
    const { document } = editor;
    await select(editor, [PROMPT.length, PROMPT.length]);
    const continuing = vscode.commands.executeCommand('lmLab.continueHere');
    await until(
      () => document.getText().length,
      length => length > PROMPT.length + 5,
    );
    await editorWith('Another text.');
    await continuing;
    assert.match(document.getText(), /^The movie was full of./);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'Another text.');
  });

  it('offers inline completions only where the setting asks for them', async () => {
    const { document } = await editorWith(PROMPT);
    const complete = (): Thenable<vscode.InlineCompletionItem[]> =>
      provideInline(editorLab, document, document.positionAt(PROMPT.length));
    assert.deepEqual(await complete(), []);
    await set('inlineCompletions.enabled', true);
    const [item] = await complete();
    assert.match(String(item?.insertText), /^ the film's best films\.?$/);
  });
});

function provideInline(
  { inlineCompletions }: OpenedLab,
  document: vscode.TextDocument,
  position: vscode.Position,
): Thenable<vscode.InlineCompletionItem[]> {
  const token = new vscode.CancellationTokenSource().token;
  const context = { triggerKind: vscode.InlineCompletionTriggerKind.Automatic, selectedCompletionInfo: undefined };
  return inlineCompletions.provideInlineCompletionItems(document, position, context, token);
}
