import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';

const REQUESTS: vscode.DocumentFilter[] = [{ pattern: '**/*.run.json' }, { pattern: '**/.lm-lab/**/run.json' }];

/** Tells what is wrong with a run.json in the editor beyond what its schema can say, such as fields that contradict. */
export class RequestProblems extends Disposable {
  readonly #told = this._register(vscode.languages.createDiagnosticCollection('lm-lab'));

  constructor() {
    super();
    const { workspace } = vscode;
    this._register(workspace.onDidOpenTextDocument(document => void this.#look(document)));
    this._register(workspace.onDidChangeTextDocument(({ document }) => void this.#look(document)));
    this._register(workspace.onDidCloseTextDocument(({ uri }) => this.#told.delete(uri)));
    for (const document of workspace.textDocuments) void this.#look(document);
  }

  async #look(document: vscode.TextDocument): Promise<void> {
    if (!vscode.languages.match(REQUESTS, document)) return;
    const { problemsOfText } = await import('../../protocol/run/text.ts');
    if (document.isClosed) return;
    const problems = problemsOfText(document.getText()).map(({ reason, start, end }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      const diagnostic = new vscode.Diagnostic(range, `${reason.message} ${reason.remedy}`);
      diagnostic.source = 'LM Lab';
      diagnostic.code = reason.code;
      return diagnostic;
    });
    this.#told.set(document.uri, problems);
  }
}
