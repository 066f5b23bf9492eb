import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { err, ok, reasonOf, type Result } from '../../protocol/result.ts';
import { createRun } from '../../protocol/run/create.ts';
import { RUN_FILES } from '../../protocol/run/folder.ts';
import { isWorking } from '../../protocol/run/liveness.ts';
import { readRun } from '../../protocol/run/reading.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import { runTitle } from '../../protocol/run/words.ts';
import { Disposable } from '../disposable.ts';
import { type InstallerCall, runInstaller } from '../processes/installer.ts';
import { chosenPython } from '../processes/python.ts';
import { startTrainer } from '../processes/trainer.ts';
import { deleteFolder, messageOf, renameFolder } from '../folders/folderChanges.ts';
import { foldersWith, placeFor } from '../folders/places.ts';
import { openedFolders, setOpened } from './opened.ts';
import { type Run, RunList } from './runList.ts';

export interface RunsParts {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  /** Of a trainer's process. */
  readonly environment: () => NodeJS.ProcessEnv;
}

/**
 * What can be done with runs. Starting one starts a process that nobody waits for, and stopping it is a file: both work
 * the same whether this window, another one or a cluster trains.
 */
export class Runs extends Disposable {
  readonly list: RunList;
  readonly #parts: RunsParts;
  readonly #vanished = this._register(new vscode.EventEmitter<{ readonly run: Run; readonly how: string }>());
  /** A trainer that this window started ended before it wrote a status. */
  readonly onDidVanish = this.#vanished.event;

  constructor(parts: RunsParts) {
    super();
    this.#parts = parts;
    this.list = this._register(new RunList(parts.extension, parts.log));
  }

  /** A new run folder with this request, where the runs on its dataset go. Paths are relative to `base`. */
  async create(request: RunRequest, base: string, dataset: vscode.Uri): Promise<Result<string>> {
    try {
      const folder = await createRun({ request, base, runsFolder: placeFor(this.#parts.extension, 'runs', dataset) });
      await this.list.refresh();
      return ok(folder);
    } catch (error) {
      return { ok: false, error: reasonOf(error) };
    }
  }

  /** Starts a trainer on a run folder: from its beginning, or from its last checkpoint. */
  async start(folder: string): Promise<Result<true>> {
    const refused = await this.#refused(folder);
    if (refused) return refused;
    const { extension, environment, log } = this.#parts;
    const module = extension.asAbsolutePath('dist/trainer.cjs');
    const onExit = (processId: number, how: string): void => void this.#exited(folder, processId, how);
    const env = { ...environment(), ...(await this.#python(folder)) };
    const started = await startTrainer({ module, folder, env, onExit });
    if (!started.ok) return started;
    log.info(`trainer of ${folder} started, process ${started.value}`);
    await this.list.started(folder, started.value);
    return ok(true);
  }

  /** Writes a run as a folder that trains elsewhere, in a process of its own. */
  export(folder: string, target: string, onCancel: InstallerCall['onCancel']): Promise<Result<true>> {
    const { extension, environment, log } = this.#parts;
    const args = [extension.asAbsolutePath('dist/trainer.cjs'), folder, target];
    const exporting = {
      program: process.execPath,
      args,
      env: environment(),
      failure: { code: 'run-not-exported', what: 'The run could not be exported' },
    };
    return runInstaller(exporting, { onLine: line => log.info(line), onCancel });
  }

  /** Asks the trainer, wherever it is, to save and stop after the step under way. */
  async stop({ folder, title }: Run): Promise<Result<true>> {
    try {
      await writeFile(join(folder, RUN_FILES.stop), '');
    } catch (error) {
      const message = `“${title}” could not be asked to stop: ${messageOf(error)}.`;
      return err('run-folder-unwritable', message, 'Make its folder writable.');
    }
    await this.list.stopping(folder);
    return ok(true);
  }

  /** Gives a run's folder another name, and returns the folder. */
  async rename(run: Run, name: string): Promise<Result<string>> {
    if (isWorking(run.state)) return underWay(run.title, 'renamed');
    const renamed = await renameFolder(run, name);
    if (renamed.ok) await this.#setOpened(opened => opened.map(one => (one === run.folder ? renamed.value : one)));
    return renamed;
  }

  /** To the trash, or for good. Fails where there is no trash. */
  async delete(run: Run, useTrash: boolean): Promise<Result<true>> {
    if (isWorking(run.state)) return underWay(run.title, 'deleted');
    const deleted = await deleteFolder(run, useTrash);
    if (deleted.ok) await this.forget(run.folder);
    return deleted;
  }

  /** Shows the run or the runs of a folder that is not searched. Returns the run folders. */
  async open(folder: string): Promise<Result<readonly string[]>> {
    const found = await foldersWith(RUN_FILES.spec, folder);
    if (found.length === 0) {
      const message = `${folder} holds no run: neither it nor a folder in it has a run.json.`;
      return err('run-unknown', message, 'Choose a run folder, or a folder of run folders.');
    }
    await this.list.refresh();
    const unknown = found.filter(one => !this.list.get(one));
    await this.#setOpened(opened => [...opened, ...unknown]);
    return ok(found);
  }

  /** Shows a run that was opened by hand no longer. */
  async forget(folder: string): Promise<void> {
    await this.#setOpened(opened => opened.filter(one => one !== folder));
  }

  async #setOpened(changed: (opened: readonly string[]) => readonly string[]): Promise<void> {
    const { extension } = this.#parts;
    await setOpened(extension, changed(openedFolders(extension)));
    await this.list.refresh();
  }

  async #refused(folder: string): Promise<Result<never> | undefined> {
    const run = await readRun(folder);
    if (!run) return err('run-unknown', `${folder} holds no run.json.`, 'Open a run folder, or start a new run.');
    const title = runTitle(basename(folder));
    if (this.list.isStarting(folder) || isWorking(run.state))
      return err('run-under-way', `“${title}” is being trained already.`, 'Wait for its end, or stop it first.');
    if (vscode.workspace.isTrusted) return undefined;
    const message = `“${title}” can't be trained in a workspace that is not trusted.`;
    return err('workspace-untrusted', message, 'Trust the workspace if you know where its files are from.');
  }

  /** For a run that is trained by PyTorch: which Python, where the editor knows. */
  async #python(folder: string): Promise<NodeJS.ProcessEnv> {
    const run = await readRun(folder);
    const python = run?.request?.backend === 'torch' ? await chosenPython(folder) : undefined;
    return python === undefined ? {} : { LM_LAB_PYTHON: python };
  }

  async #exited(folder: string, processId: number, how: string): Promise<void> {
    this.#parts.log.info(`trainer of ${folder}, process ${processId}, ended with ${how}`);
    const run = await this.list.exited(folder);
    if (run && run.status?.processId !== processId) this.#vanished.fire({ run, how });
  }
}

const underWay = (title: string, done: string): Result<never> =>
  err('run-under-way', `“${title}” is being trained and can't be ${done}.`, 'Stop it first.');
