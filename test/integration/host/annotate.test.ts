import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Annotation } from '../../../src/host/annotate/annotation.ts';
import { trainingRequest } from '../../../src/host/annotate/trainingRequest.ts';
import type { Judgement } from '../../../src/protocol/annotations/judgement.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { lab, type OpenedLab, until } from './lab.ts';

const PROMPTS = ['The movie was full of', 'A story about', 'The hero'];

describe('Annotate', () => {
  let editorLab: OpenedLab;
  let folder: string;
  let file: string;
  let output: string;
  before(async () => {
    editorLab = await lab();
    folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-annotate-'));
    file = path.join(folder, 'beginnings.jsonl');
    output = path.join(folder, 'beginnings.preferences.jsonl');
    await writeFile(file, PROMPTS.map(prompt => `${JSON.stringify({ prompt })}\n`).join(''));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const annotation = (): Annotation => editorLab.annotatePanel.annotation as Annotation;
  const lines = async (): Promise<Judgement[]> =>
    (await readFile(output, 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line) as Judgement);
  const shown = async () => {
    const { stage } = await until(
      () => annotation().state,
      ({ stage }) => stage.kind === 'judging' || stage.kind === 'failed',
      60,
    );
    assert.equal(stage.kind, 'judging', JSON.stringify(stage));
    return (stage as Extract<typeof stage, { kind: 'judging' }>).item;
  };

  it('prompts are answered twice by the model, judged, passed over and taken back; the file trains both ways', async function () {
    this.timeout(120_000);
    await vscode.commands.executeCommand('lmLab.annotate', file);
    const { settings } = annotation().state;
    assert.deepEqual(settings.models, ['starter']);
    annotation().set({ ...settings, order: 'file', decoding: { ...settings.decoding, maxNewTokens: 4 } });
    await annotation().start();
    const first = await shown();
    assert.equal(first.prompt, PROMPTS[0]);
    assert.notEqual(first.responses[0], first.responses[1]);
    await annotation().judge(first.id, { ranking: [1, 0] });
    assert.deepEqual((await lines())[0]?.responses, [first.responses[1], first.responses[0]]);
    await annotation().undo();
    assert.deepEqual(await lines(), []);
    await annotation().judge((await shown()).id, { ranking: [0, 1] });
    await shown();
    annotation().skip();
    await annotation().judge((await shown()).id, { ranking: [0, 1] });
    await until(
      () => annotation().state.stage.kind,
      kind => kind === 'done',
    );
    assert.deepEqual(
      (await lines()).map(({ prompt, models }) => [prompt, models]),
      [PROMPTS[0], PROMPTS[2]].map(prompt => [prompt, ['starter', 'starter']]),
    );
    const opened = await valueOf(editorLab.process.api.openDataset({ model: 'starter', dataset: { file: output } }));
    assert.deepEqual([opened.roles, opened.method], [{ prompt: 'prompt', responses: 'responses' }, 'reward']);
    for (const method of ['reward', 'dpo'] as const) {
      const request = trainingRequest(annotation().session, annotation().judgements, method);
      await vscode.commands.executeCommand('lmLab.fineTune', request);
      assert.deepEqual(editorLab.fineTunePanel.snapshot?.problems, []);
    }
  });

  it('opened again it stands where it was left', async () => {
    await vscode.commands.executeCommand('lmLab.annotate', file);
    const { state } = annotation();
    assert.deepEqual([state.judged, state.skipped, state.settings.order], [2, 1, 'file']);
    assert.equal(state.summary?.comparisons, 2);
  });

  it('a file with other columns is told', async () => {
    await writeFile(output, '{"text":"mine"}\n');
    await vscode.commands.executeCommand('lmLab.annotate', file);
    const { stage } = annotation().state;
    assert.equal(stage.kind === 'failed' && stage.error.code, 'preferences-other-columns');
    assert.equal(await readFile(output, 'utf8'), '{"text":"mine"}\n');
  });
});
