import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Evaluation } from '../../../src/host/evaluations/evaluations.ts';
import type { EvaluationRequest } from '../../../src/protocol/evaluation/request.ts';
import { lab, type OpenedLab, until } from './lab.ts';

describe('Evaluations', () => {
  let editorLab: OpenedLab;
  let dataset: string;
  before(async () => {
    editorLab = await lab();
    dataset = path.join(await mkdtemp(path.join(tmpdir(), 'lm-lab-data-')), 'dev.tsv');
    const extension = vscode.extensions.getExtension('lm-lab.lm-lab')?.extensionPath ?? '';
    await copyFile(path.join(extension, 'samples', 'SST-2', 'dev.tsv'), dataset);
  });
  after(async () => {
    const { evaluations } = editorLab;
    for (const evaluation of evaluations.list.items) await evaluations.delete(evaluation, false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const request = (rows: number | null): EvaluationRequest => ({
    task: 'prompt',
    models: ['starter'],
    dataset: { file: dataset },
    rows,
    prompt: { prompt: '{{ sentence | trim }}\nSentiment:', labelWords: { 0: ' negative', 1: ' positive' } },
  });

  const found = (folder: string): Evaluation => {
    const evaluation = editorLab.evaluations.list.get(folder);
    assert.ok(evaluation, `${folder} is not listed`);
    return evaluation;
  };
  const inState = (folder: string, ...states: string[]): Promise<Evaluation> =>
    until(
      () => found(folder),
      ({ state }) => states.includes(state),
      50,
    );

  async function begun(rows: number | null): Promise<string> {
    const { evaluations } = editorLab;
    const created = await evaluations.create(request(rows), '/');
    assert.ok(created.ok, JSON.stringify(created));
    assert.equal(found(created.value).state, 'ready');
    assert.deepEqual(await evaluations.start(created.value), { ok: true, value: true });
    return created.value;
  }

  it('evaluates in the engine, shows it, and is renamed', async () => {
    const folder = await begun(40);
    const again = await editorLab.evaluations.start(folder);
    assert.equal(again.ok || again.error.code, 'evaluation-busy');
    editorLab.evaluationPanel.show(folder);
    const evaluation = await inState(folder, 'finished', 'failed', 'lost');
    assert.equal(evaluation.state, 'finished', JSON.stringify(evaluation.status?.error));
    assert.ok(evaluation.result?.task === 'prompt');
    const { accuracy, confusion } = evaluation.result;
    assert.equal(accuracy.count, 40);
    const { rows } = await until(
      () => editorLab.evaluationPanel.snapshot,
      snapshot => snapshot.rows.all === 40,
    );
    assert.deepEqual(rows.facets.label, ['0', '1']);
    assert.deepEqual(editorLab.evaluationPanel.snapshot.soFar.confusion, confusion);
    const renamed = await editorLab.evaluations.rename(found(folder), 'with other words');
    assert.ok(renamed.ok);
    assert.equal(found(renamed.value).title, 'with other words');
    assert.equal(editorLab.evaluations.list.get(folder), undefined);
  });

  it('stops where it is, goes on after its last row, and is not deleted meanwhile', async () => {
    const folder = await begun(null);
    await until(
      () => found(folder),
      ({ state, status }) => state === 'running' && (status?.rowsDone ?? 0) > 0,
      50,
    );
    const refused = await editorLab.evaluations.delete(found(folder), false);
    assert.equal(refused.ok || refused.error.code, 'evaluation-busy');
    assert.ok((await editorLab.evaluations.stop(found(folder))).ok);
    const { status } = await inState(folder, 'stopped', 'finished');
    const done = status?.rowsDone ?? 0;
    assert.ok(done > 0);
    await editorLab.evaluations.start(folder);
    const { result, state } = await inState(folder, 'finished', 'failed');
    assert.equal(state, 'finished');
    assert.equal(result?.rows, 872);
    const lines = (await readFile(path.join(folder, 'rows.jsonl'), 'utf8')).trimEnd().split('\n');
    const numbers = lines.map(line => (JSON.parse(line) as { row: number }).row);
    assert.equal(new Set(numbers).size, numbers.length);
    assert.ok((await editorLab.evaluations.delete(found(folder), false)).ok);
    assert.equal(editorLab.evaluations.list.get(folder), undefined);
  });

  it('one that can’t be done says why, in its folder and in the panel', async () => {
    const { evaluations } = editorLab;
    const asked = request(10);
    const created = await evaluations.create({ ...asked, prompt: { ...asked.prompt, prompt: '{{ review }}' } }, '/');
    assert.ok(created.ok);
    await evaluations.start(created.value);
    const { status } = await inState(created.value, 'failed');
    assert.match(status?.error?.message ?? '', /review/);
    editorLab.evaluationPanel.show(created.value);
    assert.deepEqual(editorLab.evaluationPanel.snapshot.evaluation?.status?.error, status?.error);
  });

  it('the form finds labels, shows a row as the model is given it, and estimates', async () => {
    await editorLab.evaluatePanel.show(request(100));
    const { description, preview, estimate, problems } = (await until(
      () => editorLab.evaluatePanel.snapshot,
      snapshot => snapshot?.description.value !== null && snapshot?.preview.value !== null,
      50,
    )) as NonNullable<typeof editorLab.evaluatePanel.snapshot>;
    assert.deepEqual(problems, []);
    assert.deepEqual(description.value?.classes?.map(({ label }) => label).sort(), ['0', '1']);
    assert.equal(preview.value?.label, '1');
    assert.match(preview.value?.prompt ?? '', /affecting journey \.\nSentiment:$/);
    const scored = preview.value?.words.map(({ tokens }) =>
      tokens.filter(token => token.scored).map(({ text }) => text),
    );
    assert.deepEqual(scored, [[' negative'], [' positive']]);
    assert.equal(estimate?.rows, 100);
  });
});
