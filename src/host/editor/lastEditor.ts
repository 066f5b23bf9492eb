import * as vscode from 'vscode';
import { err, ok, type Result } from '../../protocol/result.ts';
import { Disposable } from '../disposable.ts';
import { visibleEditor } from './textEditor.ts';

/** The text editor that had the focus last, while it is in sight: a panel that is clicked takes the focus from it. */
export class LastEditor extends Disposable {
  readonly #changed = this._register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  #editor = vscode.window.activeTextEditor;

  constructor() {
    super();
    this._register(
      vscode.window.onDidChangeActiveTextEditor(editor => {
        if (editor) this.#editor = editor;
        this.#changed.fire();
      }),
    );
    this._register(vscode.window.onDidChangeVisibleTextEditors(() => this.#changed.fire()));
  }

  get editor(): vscode.TextEditor | undefined {
    const inSight = this.#editor && vscode.window.visibleTextEditors.includes(this.#editor);
    return inSight ? this.#editor : visibleEditor();
  }

  /** Inserts a text after the selection, as one step of undo. */
  async insert(text: string): Promise<Result<true>> {
    const { editor } = this;
    if (!editor)
      return err('no-editor', 'No text is open to insert into.', 'Open a file first, and put the cursor there.');
    const inserted = await editor.edit(edit => edit.insert(editor.selection.end, text));
    if (inserted) return ok(true);
    return err('document-read-only', `${editor.document.fileName} can't be changed here.`, 'Copy the text instead.');
  }
}
