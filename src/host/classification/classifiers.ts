import * as vscode from 'vscode';
import type { ModelEntry } from '../../protocol/engine.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import type { Models } from '../models/models.ts';
import { pickOne } from '../pick.ts';

const CHOSEN = 'lmLab.classifier';
const CONTEXT = 'lmLab.hasClassifier';

/** Which of the models classifies: the active one where it can, else the one that was chosen last, else the only one. */
export class Classifiers extends Disposable {
  readonly #models: Models;
  readonly #memory: vscode.Memento;

  constructor(models: Models, memory: vscode.Memento) {
    super();
    this.#models = models;
    this.#memory = memory;
    this._register(models.onDidChange(() => void this.#tell()));
  }

  /** Those that are known; none before the models were listed. */
  get entries(): readonly ModelEntry[] {
    return (this.#models.entries ?? []).filter(({ labels, problem }) => labels && !problem);
  }

  /** The one to classify with, without asking; undefined where there is a choice to be made, or none. */
  get current(): ModelEntry | undefined {
    const { entries } = this;
    const chosen = this.#memory.get<string>(CHOSEN);
    return (
      entries.find(({ active }) => active) ??
      entries.find(({ id }) => id === chosen) ??
      (entries.length === 1 ? entries[0] : undefined)
    );
  }

  async choose(id: string): Promise<void> {
    await this.#memory.update(CHOSEN, id);
  }

  /** The one to classify with, picked from several where it must be; undefined where that was given up. */
  async pick(): Promise<Result<ModelEntry | undefined>> {
    const listed = await this.#models.list();
    if (!listed.ok) return listed;
    if (this.entries.length === 0) return NO_CLASSIFIER;
    if (this.current) return ok(this.current);
    const items = this.entries.map(entry => ({ entry, label: entry.id, description: entry.labels?.join(', ') ?? '' }));
    const title = 'Classify with Which Model?';
    const entry = (await pickOne(items, { title, matchOnDescription: true }))?.entry;
    if (entry) await this.choose(entry.id);
    return ok(entry);
  }

  async #tell(): Promise<void> {
    await vscode.commands.executeCommand('setContext', CONTEXT, this.entries.length > 0);
  }
}

const NO_CLASSIFIER = err(
  'classifier-missing',
  'None of the models is a classifier: they predict tokens, and no labels.',
  'Fine-tune one on a dataset with labels, or import a folder of one.',
);
