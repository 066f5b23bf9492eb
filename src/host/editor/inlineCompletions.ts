import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engine.ts';
import type { Generated } from '../../protocol/generation.ts';
import type { Result } from '../../protocol/result.ts';
import { continuationPrompt, withoutSpace } from '../generation/context.ts';
import type { Models } from '../models/models.ts';
import { settings } from '../settings.ts';
import { Newest } from './newest.ts';

/** Typing goes on: a model that is asked at every key would answer none of them. */
const REST_MILLISECONDS = 250;

/** What the active model would write on, in grey at the cursor, where the setting asks for it. The newest wins. */
export class InlineCompletions implements vscode.InlineCompletionItemProvider {
  readonly #engine: EngineApi;
  readonly #models: Models;
  readonly #newest = new Newest();

  constructor(engine: EngineApi, models: Models) {
    this.#engine = engine;
    this.#models = models;
  }

  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    _context: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[]> {
    const { enabled, languages } = settings().inlineCompletions;
    if (!enabled || !languages.includes(document.languageId)) return [];
    await pause(REST_MILLISECONDS);
    if (token.isCancellationRequested) return [];
    const before = document.getText(new vscode.Range(new vscode.Position(0, 0), position));
    if (before.trim() === '') return [];
    const text = await this.#newest.run(running => {
      const cancelled = token.onCancellationRequested(() => running.abort());
      return this.#ask(before, running.signal).finally(() => cancelled.dispose());
    });
    return text === '' ? [] : [new vscode.InlineCompletionItem(text, new vscode.Range(position, position))];
  }

  /** Nothing where it fails: whoever types has not asked, and commands tell what is wrong. */
  async #ask(before: string, signal: AbortSignal): Promise<string> {
    const choice = await this.#models.choice();
    if (!choice.ok) return '';
    const { maxNewTokens } = settings().inlineCompletions;
    const model = { choice: choice.value, contextLength: this.#models.active?.contextLength ?? 1024 };
    const given = await continuationPrompt(this.#engine, model, before, maxNewTokens);
    if (!given.ok || signal.aborted) return '';
    const greedy = { decoding: 'greedy', maxNewTokens, stop: ['\n'] } as const;
    const request = { ...choice.value, prompt: given.value.prompt, settings: [greedy], top: 0 };
    return withoutSpace(textIn(await this.#engine.generate(request, { signal })), given.value.space).trimEnd();
  }
}

const textIn = (generated: Result<Generated>): string =>
  generated.ok ? (generated.value.columns[0]?.generations[0]?.text ?? '') : '';
