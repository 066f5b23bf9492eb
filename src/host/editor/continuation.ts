import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engine.ts';
import { CANCELLED, ok, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { continuationPrompt, withoutSpace } from '../generation/context.ts';
import { continuationSettings } from '../generation/continuationSettings.ts';
import type { Models } from '../models/models.ts';
import { EditorStream } from './editorStream.ts';

const UNDER_WAY = 'lmLab.continuing';

/** The active model writing on at the cursor of an editor: one at a time, and one step of undo. */
export class Continuation extends Disposable {
  readonly #engine: EngineApi;
  readonly #models: Models;
  readonly #memory: vscode.Memento;
  #running: AbortController | undefined;

  constructor(engine: EngineApi, models: Models, memory: vscode.Memento) {
    super();
    this.#engine = engine;
    this.#models = models;
    this.#memory = memory;
    this._register({ dispose: () => this.stop() });
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Ends when the model has ended, `stop` was called, or somebody else wrote into the document. */
  async run(editor: vscode.TextEditor): Promise<Result<true>> {
    this.stop();
    const running = new AbortController();
    this.#running = running;
    await vscode.commands.executeCommand('setContext', UNDER_WAY, true);
    const status = vscode.window.setStatusBarMessage('$(loading~spin) LM Lab writes on: Escape stops it');
    try {
      const result = await this.#write(editor, running);
      return result.ok || result.error.code === CANCELLED ? ok(true) : result;
    } finally {
      status.dispose();
      if (this.#running === running) {
        this.#running = undefined;
        await vscode.commands.executeCommand('setContext', UNDER_WAY, false);
      }
    }
  }

  async #write(editor: vscode.TextEditor, running: AbortController): Promise<Result<unknown>> {
    const choice = await this.#models.choice();
    if (!choice.ok) return choice;
    const settings = continuationSettings(this.#memory);
    if (!settings.ok) return settings;
    const { document, selection } = editor;
    const before = document.getText(new vscode.Range(new vscode.Position(0, 0), selection.end));
    // From here on a change by somebody else ends it, also while the model is loaded and reads.
    const stream = new EditorStream(editor, selection.end, () => running.abort());
    try {
      const model = { choice: choice.value, contextLength: this.#models.active?.contextLength ?? 1024 };
      const given = await continuationPrompt(this.#engine, model, before, settings.value.maxNewTokens);
      if (!given.ok) return given;
      const { prompt, space } = given.value;
      let first = true;
      const write = (text: string): void => {
        if (text === '') return;
        stream.write(first ? withoutSpace(text, space) : text);
        first = false;
      };
      const request = { ...choice.value, prompt, settings: [settings.value], top: 0 };
      return await this.#engine.generate(request, {
        signal: running.signal,
        onUpdate: update => update.kind !== 'beams' && !running.signal.aborted && write(update.text),
      });
    } finally {
      await stream.end();
    }
  }
}
