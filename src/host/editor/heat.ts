import * as vscode from 'vscode';
import { heatStep } from '../../protocol/heat.ts';
import { Disposable } from '../disposable.ts';
import type { ScoredDocument } from '../scoring/scoredDocument.ts';
import type { Scores } from '../scoring/scores.ts';
import { onSettingChange, settings } from '../settings.ts';
import { rangeOf } from './places.ts';
import { heatDecorations, perplexityDecoration } from './heatDecorations.ts';

/** Lines beyond the visible ones that are decorated, so that scrolling finds the heat there. */
const LINES_AROUND = 200;

/**
 * Draws the heat of scored documents in their visible editors. Only what is near the visible lines is drawn: a
 * megabyte of text has a quarter of a million tokens.
 */
export class Heat extends Disposable {
  readonly #scores: Scores;
  #steps: readonly vscode.TextEditorDecorationType[] = [];
  readonly #perplexity = this._register(perplexityDecoration());

  constructor(scores: Scores) {
    super();
    this.#scores = scores;
    this._register(scores.onDidScore(() => this.#drawAll()));
    this._register(scores.onDidMove(uri => this.#drawAll(uri)));
    this._register(vscode.window.onDidChangeVisibleTextEditors(() => this.#drawAll()));
    this._register(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#draw(textEditor)));
    this._register(vscode.window.onDidChangeActiveColorTheme(() => this.#restyle()));
    this._register(onSettingChange('heat', () => this.#restyle()));
    this._register({ dispose: () => this.#undress() });
    this.#restyle();
  }

  /** Ranges drawn in an editor now, by heat step 1 to 5. */
  drawn(editor: vscode.TextEditor): vscode.Range[][] {
    const scored = this.#scores.shownIn(editor.document);
    return scored ? rangesByStep(editor, scored, this.#steps.length) : this.#steps.map(() => []);
  }

  #restyle(): void {
    this.#undress();
    this.#steps = heatDecorations(settings().heat.cue);
    this.#drawAll();
  }

  #undress(): void {
    for (const step of this.#steps) step.dispose();
  }

  #drawAll(uri?: string): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (uri === undefined || editor.document.uri.toString() === uri) this.#draw(editor);
    }
  }

  #draw(editor: vscode.TextEditor): void {
    const ranges = this.drawn(editor);
    for (const [i, step] of this.#steps.entries()) editor.setDecorations(step, ranges[i] ?? []);
    const scored = this.#scores.shownIn(editor.document);
    editor.setDecorations(this.#perplexity, scored ? perplexities(editor.document, scored) : []);
  }
}

function rangesByStep(editor: vscode.TextEditor, scored: ScoredDocument, steps: number): vscode.Range[][] {
  const { document } = editor;
  const ranges: vscode.Range[][] = Array.from({ length: steps }, () => []);
  for (const visible of editor.visibleRanges) {
    const start = document.offsetAt(new vscode.Position(Math.max(0, visible.start.line - LINES_AROUND), 0));
    const end = document.offsetAt(new vscode.Position(visible.end.line + LINES_AROUND, 0));
    for (const placed of scored.tokensIn({ start, end })) {
      const step = heatStep(scored.texts[placed.text]?.tokens[placed.token]?.surprisal ?? null);
      ranges[step - 1]?.push(rangeOf(document, placed));
    }
  }
  return ranges;
}

/** After each text on one line that stands as it was scored; of a whole document, the panel tells it. */
function perplexities(document: vscode.TextDocument, scored: ScoredDocument): vscode.DecorationOptions[] {
  if (scored.whole || scored.stale) return [];
  return scored.spans.flatMap((span, i) => {
    const perplexity = scored.texts[i]?.perplexity;
    if (perplexity === null || perplexity === undefined) return [];
    const end = document.lineAt(document.positionAt(span.end)).range.end;
    const contentText = `ppl ${Number(perplexity.toPrecision(4)).toLocaleString('en')}`;
    return [{ range: new vscode.Range(end, end), renderOptions: { after: { contentText } } }];
  });
}
