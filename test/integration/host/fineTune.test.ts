import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { editorWith, hoversAt, lab, type OpenedLab, select, until } from './lab.ts';

const FIXTURES = path.resolve(__dirname, '../../../test/parity/classify/fixtures');

/** Forty rows that differ by one word. */
const ROWS = Array.from(
  { length: 40 },
  (_, at) => `${at % 2 ? 'spam' : 'ham'}\t${at % 2 ? 'free prize' : 'see you'} ${at}`,
);

describe('Fine-tune', () => {
  let editorLab: OpenedLab;
  let folder: string;
  let request: RunRequest;
  before(async () => {
    editorLab = await lab();
    folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-fine-tune-'));
    const file = path.join(folder, 'messages.tsv');
    await writeFile(file, `${ROWS.join('\n')}\n`);
    request = { method: 'classification', model: 'starter', dataset: { file } };
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('the form tells what the file is, what the split makes of it, and what a run would take', async () => {
    await vscode.commands.executeCommand('lmLab.fineTune', request);
    const { snapshot } = editorLab.fineTunePanel;
    assert.deepEqual(snapshot?.opened.value?.roles, { label: 'column1', text: 'column2' });
    assert.deepEqual(snapshot?.description.value?.split, { train: 34, validation: 2, test: 4 });
    assert.deepEqual(snapshot?.problems, []);
    assert.equal(snapshot?.estimate.value?.steps, 10);
    assert.match(snapshot?.meanings['training.learningRate'] ?? '', /^Size of an update/);
  });

  it('what only the file can tell is told: a column that is not there', async () => {
    const wrong = { ...request, dataset: { ...request.dataset, columns: { label: 'class' } } };
    await vscode.commands.executeCommand('lmLab.fineTune', wrong);
    const [problem] = editorLab.fineTunePanel.snapshot?.problems ?? [];
    assert.equal(problem?.path, 'dataset.columns');
    assert.match(problem?.reason.message ?? '', /no column "class"/);
  });

  it('a run.json with a column that the file lacks makes no run', async () => {
    const file = path.join(folder, 'wrong.run.json');
    await writeFile(
      file,
      JSON.stringify({ ...request, dataset: { file: 'messages.tsv', columns: { text: 'message' } } }),
    );
    const before = editorLab.runs.list.runs.length;
    // It shows a message, which nobody answers here; a run would be there before it.
    const refused = vscode.commands.executeCommand('lmLab.startRequest', vscode.Uri.file(file));
    await Promise.race([refused, new Promise(resolve => setTimeout(resolve, 4000))]);
    await editorLab.runs.list.refresh();
    assert.equal(editorLab.runs.list.runs.length, before);
  });

  it('a run.json in the editor: its schema, what contradicts in it, and its start', async function () {
    this.timeout(180_000);
    const file = vscode.Uri.file(path.join(folder, 'messages.run.json'));
    const training = { maxSteps: 2, evaluateEvery: 1, momentum: 0.9, epoch: 1 };
    const text = (written: object): string =>
      `// comments are allowed\n${JSON.stringify({ ...request, dataset: { file: 'messages.tsv' }, training: written }, null, 2)}`;
    await writeFile(file.fsPath, text(training));
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const messages = (): string[] => vscode.languages.getDiagnostics(file).map(({ message }) => message);
    await until(messages, all =>
      all.some(message => message.includes('There is no such field. Write training.epochs')),
    );
    await until(messages, all => all.some(message => /Property epoch is not allowed/.test(message)));
    const edit = new vscode.WorkspaceEdit();
    const { epoch: _, ...momentum } = training;
    edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), text(momentum));
    await vscode.workspace.applyEdit(edit);
    await until(messages, all => all.length === 1 && /momentum is 0\.9\. It has no effect/.test(all[0] ?? ''));
    edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), text({ maxSteps: 2, evaluateEvery: 1 }));
    await vscode.workspace.applyEdit(edit);
    await until(messages, all => all.length === 0);
    await vscode.commands.executeCommand('lmLab.startRequest', file);
    const { runs } = editorLab.runs.list;
    const run = runs.find(({ title }) => title.includes('messages'));
    assert.ok(run, `no run among ${runs.map(({ title }) => title)}`);
    await until(
      () => editorLab.runs.list.get(run.folder)?.state,
      state => state === 'finished',
      120,
    );
    const started = JSON.parse(await readFile(path.join(run.folder, 'run.json'), 'utf8')) as RunRequest;
    assert.equal(path.resolve(run.folder, started.dataset.file), request.dataset.file);
    await rm(run.folder, { recursive: true });
  });
});

describe('Classify', () => {
  let editorLab: OpenedLab;
  let folder: string;
  before(async () => {
    editorLab = await lab();
    folder = path.join(await mkdtemp(path.join(tmpdir(), 'lm-lab-classify-')), 'rating');
    await cp(path.join(FIXTURES, 'last'), folder, { recursive: true });
    await editorLab.models.importFolder(folder);
  });
  after(async () => {
    await vscode.workspace.getConfiguration('lmLab').update('lineClassification.enabled', undefined, true);
    const entry = editorLab.models.entries?.find(({ id }) => id === 'rating');
    if (entry) await editorLab.models.remove(entry, false);
    await rm(path.dirname(folder), { recursive: true, force: true });
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('labels of the selected lines, with how they come about', async () => {
    const editor = await editorWith('The movie was full of surprises.\n\ngood\tOk\n');
    await select(editor, [0, editor.document.getText().length]);
    await vscode.commands.executeCommand('lmLab.classifySelection');
    const { model, labels, texts, error } = editorLab.classificationPanel.snapshot;
    assert.deepEqual([model, labels, error], ['rating', ['bad', 'good', 'neither'], null]);
    assert.deepEqual(
      texts.map(({ text, line, given }) => [text, line, given]),
      [
        ['The movie was full of surprises.', 1, undefined],
        ['Ok', 3, 'good'],
      ],
    );
    const [first] = texts;
    assert.deepEqual(first?.evolution?.at(-1)?.probabilities, first?.probabilities);
  });

  it('a hover tells the label of a line while it is on', async () => {
    const { document } = await editorWith('The movie was full of surprises.', 'json');
    assert.deepEqual(await hoversAt(document, 5), []);
    await vscode.commands.executeCommand('lmLab.toggleLineClassification');
    const [hover = ''] = await hoversAt(document, 5);
    assert.match(hover, /this line/);
    assert.match(hover, /\*\*(bad|good|neither)\*\*/);
    await vscode.commands.executeCommand('lmLab.toggleLineClassification');
    assert.deepEqual(await hoversAt(document, 5), []);
  });
});
