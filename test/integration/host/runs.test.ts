import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Run } from '../../../src/host/runs/runList.ts';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { lab, type OpenedLab, until } from './lab.ts';

/** A classifier of a few messages, with a step in tens of milliseconds. */
const REQUEST: Omit<RunRequest, 'dataset'> = {
  method: 'classification',
  model: 'starter',
  training: { maxSteps: 6, evaluateEvery: 3, checkpointEvery: 2, maxLength: 32 },
  trainable: { layers: { last: 1 } },
  threads: 1,
};

describe('Runs', () => {
  let editorLab: OpenedLab;
  let dataset: string;
  before(async () => {
    editorLab = await lab();
    dataset = path.join(await mkdtemp(path.join(tmpdir(), 'lm-lab-data-')), 'sms-spam.tsv');
    const extension = vscode.extensions.getExtension('lm-lab.lm-lab')?.extensionPath ?? '';
    await copyFile(path.join(extension, 'samples', 'sms-spam.tsv'), dataset);
  });
  after(async () => {
    const { runs } = editorLab;
    for (const run of runs.list.runs) await runs.delete(run, false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const found = (folder: string): Run => {
    const run = editorLab.runs.list.get(folder);
    assert.ok(run, `${folder} is not listed`);
    return run;
  };
  const inState = (folder: string, ...states: string[]): Promise<Run> =>
    until(
      () => found(folder),
      ({ state }) => states.includes(state),
      50,
    );

  async function begun(training: RunRequest['training'] = {}): Promise<string> {
    const request: RunRequest = {
      ...REQUEST,
      dataset: { file: dataset, steps: [{ take: 60 }] },
      training: { ...REQUEST.training, ...training },
    };
    const { runs } = editorLab;
    const created = await runs.create(request, path.dirname(dataset), vscode.Uri.file(dataset));
    assert.ok(created.ok);
    assert.equal(found(created.value).state, 'ready');
    assert.deepEqual(await runs.start(created.value), { ok: true, value: true });
    return created.value;
  }

  it('trains in a process of its own, draws it live, and uses its model', async () => {
    const folder = await begun();
    const again = await editorLab.runs.start(folder);
    assert.equal(again.ok || again.error.code, 'run-under-way');
    editorLab.curvesPanel.show([folder]);
    const run = await inState(folder, 'finished', 'failed', 'lost');
    assert.equal(run.state, 'finished', JSON.stringify(run.status?.error));
    assert.ok((run.result?.metrics.test?.['accuracy'] ?? -1) >= 0);
    const data = await until(
      () => editorLab.curvesPanel.snapshot.data[0],
      part => part?.metrics.columns['step']?.at(-1) === 6,
    );
    assert.deepEqual(
      [data?.metrics.columns['step']?.[0], Number.isNaN(data?.metrics.columns['evalLoss']?.[0])],
      [0, false],
    );
    await vscode.commands.executeCommand('lmLab.useRunModel', { run });
    assert.match(editorLab.models.activeId, /^sms-spam-classification/);
    assert.equal(editorLab.models.active?.folder, path.join(folder, 'model'));
    const { activeId } = editorLab.models;
    const renamed = await editorLab.runs.rename(found(folder), 'a better name');
    assert.ok(renamed.ok);
    assert.equal(found(renamed.value).title, 'a better name');
    assert.equal(editorLab.runs.list.get(folder), undefined);
    await editorLab.models.use('starter');
    const listed = editorLab.models.entries?.find(({ id }) => id === activeId);
    if (listed) await editorLab.models.remove(listed, false);
  });

  it('stops by a file, resumes from there, and refuses to delete what is trained', async () => {
    const folder = await begun({ maxSteps: 4000 });
    await until(
      () => found(folder),
      ({ status, state }) => state === 'running' && (status?.step ?? 0) > 1,
      50,
    );
    const refused = await editorLab.runs.delete(found(folder), false);
    assert.equal(refused.ok || refused.error.code, 'run-under-way');
    assert.ok((await editorLab.runs.stop(found(folder))).ok);
    const { status, hasModel } = await inState(folder, 'stopped');
    assert.ok(hasModel);
    const stoppedAt = status?.step ?? 0;
    await editorLab.runs.start(folder);
    const resumed = await until(
      () => found(folder),
      run => run.state === 'running' && (run.status?.step ?? 0) > stoppedAt,
      50,
    );
    process.kill(resumed.status?.processId ?? 0, 'SIGKILL');
    const lost = await inState(folder, 'lost');
    assert.ok(lost.checkpoints.length > 0);
    await editorLab.runs.start(folder);
    await inState(folder, 'running');
    assert.ok((await editorLab.runs.stop(found(folder))).ok);
    await inState(folder, 'stopped');
    const steps = (await readFile(path.join(folder, 'metrics.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    const trained = steps.filter(({ loss }) => loss !== undefined).map(({ step }) => step);
    assert.deepEqual(
      trained,
      trained.map((_, i) => i + 1),
    );
    assert.ok((await editorLab.runs.delete(found(folder), false)).ok);
    assert.equal(editorLab.runs.list.get(folder), undefined);
  });

  it('a run that can’t be trained says why, in its status and in the panel', async () => {
    const folder = await begun({ maxLength: 1_000_000 });
    const { status } = await inState(folder, 'failed', 'lost');
    assert.ok(status?.error && status.error.message !== '' && status.error.remedy !== '', JSON.stringify(status));
    editorLab.curvesPanel.show([folder]);
    assert.deepEqual(editorLab.curvesPanel.snapshot.runs[0]?.status?.error, status.error);
  });

  it('opens a run folder from elsewhere, and forgets it without touching it', async () => {
    const { runs } = editorLab;
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'lm-lab-elsewhere-'));
    const nothing = await runs.open(elsewhere);
    assert.equal(nothing.ok || nothing.error.code, 'run-unknown');
    const folder = path.join(elsewhere, 'of-a-cluster');
    await vscode.workspace.fs.writeFile(
      vscode.Uri.file(path.join(folder, 'run.json')),
      new TextEncoder().encode(JSON.stringify({ ...REQUEST, dataset: { file: dataset } })),
    );
    const opened = await runs.open(elsewhere);
    assert.deepEqual(opened, { ok: true, value: [folder] });
    assert.equal(found(folder).opened, true);
    await runs.forget(folder);
    assert.equal(runs.list.get(folder), undefined);
    assert.ok(await readFile(path.join(folder, 'run.json'), 'utf8'));
  });
});
