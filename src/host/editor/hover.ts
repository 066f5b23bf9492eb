import * as vscode from 'vscode';
import type { EngineApi, NextTokens } from '../../protocol/engine.ts';
import { placeOf } from '../../protocol/precision.ts';
import { CANCELLED, type Reason, type Result } from '../../protocol/result.ts';
import type { Models } from '../models/models.ts';
import type { Scores } from '../scoring/scores.ts';
import { settings } from '../settings.ts';
import { contextMarkdown, predictionsMarkdown, scoredTokenMarkdown, type WriteTarget } from './hoverText.ts';
import { commandLink, escaped } from './markdown.ts';
import { Newest } from './newest.ts';
import { rangeOf } from './places.ts';
import { type TextWindow, windowAround } from './window.ts';

const COMMANDS = [
  'lmLab.writeToken',
  'lmLab.scorePerplexity',
  'lmLab.chooseModel',
  'lmLab.openSettings',
  'lmLab.showLog',
];

/**
 * One hover for both questions: how likely is the token that stands here (where heat stands), and what does the model
 * expect here (in the languages of the setting). The newest hover wins; the model runs in the engine, so typing never
 * waits for it.
 */
export class LabHover implements vscode.HoverProvider {
  readonly #engine: EngineApi;
  readonly #models: Models;
  readonly #scores: Scores;
  readonly #newest = new Newest();

  constructor(engine: EngineApi, models: Models, scores: Scores) {
    this.#engine = engine;
    this.#models = models;
    this.#scores = scores;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const heat = this.#heatAt(document, position);
    const next = expectsNext(document) ? await this.#nextAt(document, position, token, heat !== undefined) : undefined;
    if (token.isCancellationRequested) return undefined;
    const parts = [heat?.markdown, next?.markdown].filter(part => part !== undefined);
    const range = heat?.range ?? next?.range;
    return parts.length > 0 ? new vscode.Hover(parts.map(markdown), range) : undefined;
  }

  #heatAt(document: vscode.TextDocument, position: vscode.Position): HoverPart | undefined {
    const scored = this.#scores.shownIn(document);
    const placed = scored?.tokenAt(document.offsetAt(position));
    const token = placed && scored?.texts[placed.text]?.tokens[placed.token];
    if (!token) return undefined;
    const target = targetIn(document, placed.start, placed.end);
    return { markdown: scoredTokenMarkdown(token, target), range: rangeOf(document, placed) };
  }

  async #nextAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    scored: boolean,
  ): Promise<HoverPart | undefined> {
    if (this.#models.active?.labels) return undefined; // a classifier's states are no longer made for the next token
    const offset = document.offsetAt(position);
    const { version } = document;
    const window = windowAround(document.getText(), offset, settings().hover.contextLength);
    const result = await this.#newest.run(async running => {
      const cancelled = token.onCancellationRequested(() => running.abort());
      return this.#ask(window, offset, running.signal).finally(() => cancelled.dispose());
    });
    if (document.version !== version) return undefined;
    if (!result.ok) return this.#failed(result.error);
    this.#models.ranOn(result.value.device);
    return this.#part(document, window, result.value, scored);
  }

  async #ask({ text, start }: TextWindow, offset: number, signal: AbortSignal): Promise<Result<NextTokens>> {
    const choice = await this.#models.choice();
    if (!choice.ok) return choice;
    const { top, contextLength } = settings().hover;
    return this.#engine.next({ ...choice.value, text, offset: offset - start, top, contextLength }, { signal });
  }

  #part(document: vscode.TextDocument, window: TextWindow, next: NextTokens, scored: boolean): HoverPart {
    const start = window.start + next.position;
    // At the end of a text one trailing space was left out of the context: the token brings its own.
    const insertUpTo = next.actual ? start : Math.min(window.start + window.text.length, start + 1);
    const end = next.actual ? window.start + next.actual.end : insertUpTo;
    const { line } = document.positionAt(start);
    const markdown = [
      predictionsMarkdown(next, targetIn(document, start, insertUpTo), scored),
      contextMarkdown(next),
      [
        commandLink(escaped(`${this.#models.activeId} · ${placeOf(next.device)}`), 'lmLab.chooseModel'),
        commandLink('Score line', 'lmLab.scorePerplexity', { uri: document.uri.toString(), line }),
        commandLink('$(gear)', 'lmLab.openSettings', 'hover'),
      ].join(' · '),
    ];
    return {
      markdown: markdown.join('\n\n'),
      range: start === end ? undefined : rangeOf(document, { start, end }),
    };
  }

  #failed({ code, message, remedy }: Reason): HoverPart | undefined {
    if (code === CANCELLED) return undefined;
    const told = `$(warning) ${escaped(message)} ${escaped(remedy)}`;
    return { markdown: `${told} ${commandLink('Show Log', 'lmLab.showLog')}`, range: undefined };
  }
}

interface HoverPart {
  readonly markdown: string;
  readonly range: vscode.Range | undefined;
}

function expectsNext({ languageId, uri }: vscode.TextDocument): boolean {
  const { enabled, languages } = settings().hover;
  return enabled && languages.includes(languageId) && uri.scheme !== 'output';
}

const targetIn = (document: vscode.TextDocument, start: number, end: number): WriteTarget => ({
  uri: document.uri.toString(),
  version: document.version,
  start,
  end,
});

function markdown(value: string): vscode.MarkdownString {
  const string = new vscode.MarkdownString(value, true);
  string.supportHtml = true; // for <sub> and for bars
  string.isTrusted = { enabledCommands: COMMANDS };
  return string;
}
