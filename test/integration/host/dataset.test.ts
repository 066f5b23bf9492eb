import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { DatasetPanel } from '../../../src/host/panels/datasetPanel.ts';
import { lab, type OpenedLab, until } from './lab.ts';

const ROWS = 'good\tA film.\nbad\tNo film.\ngood\tWhat a film.\nbad\tWhat is this?\n';

describe('Dataset', () => {
  let editorLab: OpenedLab;
  let folder: string;
  before(async () => {
    editorLab = await lab();
    folder = await mkdtemp(path.join(os.tmpdir(), 'lm-lab-datasets-'));
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  async function opened(name: string, content: string): Promise<DatasetPanel> {
    const file = path.join(folder, name);
    await writeFile(file, content);
    await vscode.commands.executeCommand('lmLab.openDataset', vscode.Uri.file(file));
    const panel = editorLab.datasetPanels.of(file);
    assert.ok(panel);
    await described(panel);
    return panel;
  }

  /** Waits until nothing is under way. */
  const described = (panel: DatasetPanel) =>
    until(
      () => panel.snapshot,
      ({ opened, description }) =>
        !opened.progress && !description.progress && (description.value ?? description.error) !== null,
    );

  it('opens beside a file that has lines, which it follows and reveals', async () => {
    const panel = await opened('films.tsv', ROWS);
    const { opened: found, description } = panel.snapshot;
    assert.deepEqual(found.value?.roles, { label: 'column1', text: 'column2' });
    assert.equal(found.value?.method, 'classification');
    assert.deepEqual(description.value?.classes, [
      { label: 'good', count: 2 },
      { label: 'bad', count: 2 },
    ]);
    assert.equal(await panel.dataset.goToLine(3, new AbortController().signal), 2);
    const row = await until(
      () => panel.snapshot.row,
      ({ value }) => value?.row === 2,
    );
    assert.equal(row.value?.label, 'good');
    assert.equal(row.value?.sequences[0]?.tokens.map(({ text }) => text).join(''), 'What a film.');
  });

  it('comes back as it was set when it is closed and opened again', async () => {
    const before = await opened('kept.tsv', ROWS);
    await before.dataset.edit({ ...before.dataset.session.request, training: { maxLength: 3 } });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(
      () => editorLab.datasetPanels.of(path.join(folder, 'kept.tsv')),
      panel => panel === undefined,
    );
    const { dataset } = await opened('kept.tsv', ROWS);
    assert.deepEqual(dataset.session.request.training, { maxLength: 3 });
    assert.equal(dataset.state.description.value?.lengths?.maxLength, 3);
  });

  it('tells why a file can’t be read, and reads it when it can be', async () => {
    const file = path.join(folder, 'broken.json');
    await writeFile(file, '[{"text": "a"');
    await vscode.commands.executeCommand('lmLab.openDataset', vscode.Uri.file(file));
    const panel = editorLab.datasetPanels.of(file);
    assert.ok(panel);
    const failed = await until(
      () => panel.snapshot.opened.error,
      error => error !== null,
    );
    assert.ok(failed?.remedy);
    await pause(1500); // the editor begins to watch a file a moment after it was asked to
    await writeFile(file, '[{"text": "a"}, {"text": "b"}]');
    const now = await until(
      () => panel.snapshot.opened.value,
      value => value !== null,
    );
    assert.equal(now?.rows, 2);
  });

  it('brings a file from an address, unpacks it, and opens it with its panel', async () => {
    const server = createServer((request, response) => {
      const found = request.url === '/reviews.tsv.gz';
      response.writeHead(found ? 200 : 404).end(found ? gzipSync(ROWS) : undefined);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const file = path.join(workspace.uri.fsPath, 'reviews.tsv');
    try {
      await vscode.commands.executeCommand('lmLab.getDataset', `${origin}/reviews.tsv.gz`);
      assert.equal(await readFile(file, 'utf8'), ROWS);
      assert.ok(editorLab.datasetPanels.of(file));
      assert.equal(vscode.window.visibleTextEditors[0]?.document.uri.fsPath, file);
    } finally {
      server.close();
      await rm(file, { force: true });
      await rm(`${file}.gz`, { force: true });
    }
  });
});
