import * as vscode from 'vscode';
import type { Reason } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { columnOf } from '../editor/places.ts';

const FILE = 'chat-template.jinja';

/** A place that a reason of a template names, from 1. */
const PLACE = /line (\d+), column (\d+)/i;

/**
 * The user's own template as a file in an editor: what is written there is the template at once, and what is wrong
 * with it is marked there.
 */
export class TemplateDocument extends Disposable {
  readonly #uri: vscode.Uri;
  readonly #problems = this._register(vscode.languages.createDiagnosticCollection('LM Lab chat template'));
  readonly #changed = this._register(new vscode.EventEmitter<string>());
  readonly #shown = this._register(new vscode.EventEmitter<void>());
  /** Its text, as it is typed. */
  readonly onDidChange = this.#changed.event;
  /** It was opened or closed. */
  readonly onDidShow = this.#shown.event;

  constructor(folder: vscode.Uri) {
    super();
    this.#uri = vscode.Uri.joinPath(folder, FILE);
    this._register(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#is(document)) this.#changed.fire(document.getText());
      }),
    );
    this._register(vscode.window.tabGroups.onDidChangeTabs(() => this.#shown.fire()));
  }

  get isOpen(): boolean {
    return columnOf(this.#uri) !== undefined;
  }

  /** Opens it beside the panel; a text that is not open yet is written to its file first. */
  async open(text: string, place?: { readonly line: number; readonly column: number }): Promise<void> {
    if (!this.isOpen) {
      await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(this.#uri, '..'));
      await vscode.workspace.fs.writeFile(this.#uri, new TextEncoder().encode(text));
    }
    const at = place && new vscode.Position(place.line - 1, place.column - 1);
    await vscode.window.showTextDocument(this.#uri, {
      viewColumn: columnOf(this.#uri) ?? vscode.ViewColumn.Beside,
      ...(at && { selection: new vscode.Range(at, at) }),
    });
  }

  /** Marks what is wrong with the template; null: nothing is. */
  mark(error: Reason | null): void {
    const [, line, column] = PLACE.exec(error?.message ?? '') ?? [];
    if (!error || !line || !column) return this.#problems.clear();
    const at = new vscode.Position(Number(line) - 1, Number(column) - 1);
    const problem = new vscode.Diagnostic(new vscode.Range(at, at.translate(0, 1)), `${error.message} ${error.remedy}`);
    this.#problems.set(this.#uri, [problem]);
  }

  #is(document: vscode.TextDocument): boolean {
    return document.uri.toString() === this.#uri.toString();
  }
}
