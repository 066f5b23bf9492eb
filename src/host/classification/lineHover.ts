import * as vscode from 'vscode';
import type { Classified } from '../../protocol/classify.ts';
import type { EngineApi } from '../../protocol/engine.ts';
import { CANCELLED } from '../../protocol/result.ts';
import { bar, commandLink, escaped } from '../editor/markdown.ts';
import { Newest } from '../editor/newest.ts';
import { percent } from '../format.ts';
import type { Models } from '../models/models.ts';
import { settings } from '../settings.ts';
import { rowText } from './rowText.ts';
import type { Classifiers } from './classifiers.ts';

const BAR_CELLS = 28;
/** Labels that a hover lists, the likeliest first. */
const LISTED = 5;

/** What a classifier says of the line under the mouse, while the setting is on. The newest hover wins. */
export class LineHover implements vscode.HoverProvider {
  readonly #engine: EngineApi;
  readonly #models: Models;
  readonly #classifiers: Classifiers;
  readonly #newest = new Newest();

  constructor(engine: EngineApi, models: Models, classifiers: Classifiers) {
    this.#engine = engine;
    this.#models = models;
    this.#classifiers = classifiers;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const line = document.lineAt(position.line);
    if (!settings().lineClassification.enabled || line.isEmptyOrWhitespace) return undefined;
    if (document.uri.scheme === 'output') return undefined;
    await this.#models.list();
    const { current } = this.#classifiers;
    if (!current) return undefined;
    const choice = await this.#models.choice(current.id);
    if (!choice.ok) return undefined;
    const { text: read, given } = rowText(line.text, current.labels ?? []);
    if (read.trim() === '') return undefined;
    const result = await this.#newest.run(running => {
      const cancelled = token.onCancellationRequested(() => running.abort());
      return this.#engine
        .classify({ ...choice.value, texts: [read] }, { signal: running.signal })
        .finally(() => cancelled.dispose());
    });
    if (token.isCancellationRequested || (!result.ok && result.error.code === CANCELLED)) return undefined;
    const text = result.ok
      ? lineMarkdown(result.value, given)
      : `$(warning) ${escaped(result.error.message)} ${escaped(result.error.remedy)}`;
    const where = { uri: document.uri.toString(), line: position.line };
    const links = [escaped(current.id), commandLink('Token by token', 'lmLab.classifySelection', where)];
    const markdown = new vscode.MarkdownString([text, links.join(' · ')].join('\n\n'), true);
    markdown.supportHtml = true; // for bars
    markdown.isTrusted = { enabledCommands: ['lmLab.classifySelection'] };
    return new vscode.Hover(markdown, line.range);
  }
}

/** The labels of a line with bars, the likeliest first. */
export function lineMarkdown({ labels, texts }: Pick<Classified, 'labels' | 'texts'>, given?: string): string {
  const [found] = texts;
  if (!found) return '';
  const rows = labels
    .map((label, at) => ({ label, probability: found.probabilities[at] ?? 0 }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, LISTED)
    .map(({ label, probability }) => {
      const name = label === found.label ? `**${escaped(label)}**` : escaped(label);
      return `| ${name} | ${percent(probability)} | ${bar(probability, BAR_CELLS)} |`;
    });
  const head = given === undefined ? 'this line' : `this line, which says ${escaped(given)}`;
  return [`| ${head} | | |`, '|:---|---:|:---|', ...rows].join('\n');
}
