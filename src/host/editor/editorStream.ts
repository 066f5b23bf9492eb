import * as vscode from 'vscode';
import { joinUndoSteps } from './undoStep.ts';

/**
 * Writes a text into an editor piece by piece, as one step of undo. What comes while the editor is still at the piece
 * before is written with the next one. When somebody else changes the document, `onDisturbed` is called and no more is written.
 */
export class EditorStream {
  readonly #editor: vscode.TextEditor;
  readonly #onDisturbed: () => void;
  readonly #listeners: readonly vscode.Disposable[];
  readonly #start: number;
  #at: number;
  #pending = '';
  #begun = false;
  #saves = 0;
  #disturbed = false;
  #writing: Promise<void> | undefined;
  /** What is being inserted now, so that the change is known as our own. */
  #own: string | undefined;

  constructor(editor: vscode.TextEditor, at: vscode.Position, onDisturbed: () => void) {
    this.#editor = editor;
    this.#start = editor.document.offsetAt(at);
    this.#at = this.#start;
    this.#onDisturbed = onDisturbed;
    this.#listeners = [
      vscode.workspace.onDidChangeTextDocument(event => this.#changed(event)),
      vscode.workspace.onDidSaveTextDocument(saved => {
        if (saved === editor.document) this.#saves += 1;
      }),
    ];
  }

  write(text: string): void {
    if (this.#disturbed) return;
    this.#pending += text;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** When all has been written. */
  async end(): Promise<void> {
    await this.#writing;
    for (const listener of this.#listeners) listener.dispose();
    // A save may close the step of undo that is open twice: when it begins, and when it changes the text.
    if (!this.#disturbed && this.#saves > 0)
      await joinUndoSteps(this.#editor, 2 * this.#saves + 1, this.#start, this.#at);
  }

  async #writeAll(): Promise<void> {
    while (this.#pending !== '' && !this.#disturbed) {
      const { document, selection } = this.#editor;
      const text = document.eol === vscode.EndOfLine.CRLF ? this.#pending.replace(/\r?\n/g, '\r\n') : this.#pending;
      this.#pending = '';
      this.#own = text;
      const position = document.positionAt(this.#at);
      const follows = selection.active.isEqual(position);
      const undo = { undoStopBefore: !this.#begun, undoStopAfter: false };
      const written = await this.#editor
        .edit(edit => edit.insert(position, text), undo)
        .then(
          done => done,
          () => false, // refused, as the editor has been closed
        );
      this.#own = undefined;
      if (!written) return this.#disturb();
      this.#begun = true;
      this.#at += text.length;
      if (follows) this.#follow();
    }
  }

  /** The cursor goes along, and stays in sight. */
  #follow(): void {
    const position = this.#editor.document.positionAt(this.#at);
    this.#editor.selection = new vscode.Selection(position, position);
    this.#editor.revealRange(new vscode.Range(position, position));
  }

  #changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (document !== this.#editor.document || contentChanges.length === 0) return;
    const [change] = contentChanges;
    const isOwn = contentChanges.length === 1 && change?.text === this.#own && change?.rangeOffset === this.#at;
    if (!isOwn) this.#disturb();
  }

  #disturb(): void {
    this.#disturbed = true;
    this.#onDisturbed();
  }
}
