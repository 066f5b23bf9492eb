import * as vscode from 'vscode';

/**
 * Writes a text into an editor piece by piece, as one step of undo. What comes while the editor is still at the piece
 * before is written with the next one. When somebody else changes the document, `onDisturbed` is called and no more is written.
 */
export class EditorStream {
  readonly #editor: vscode.TextEditor;
  readonly #onDisturbed: () => void;
  readonly #listener: vscode.Disposable;
  #at: number;
  #pending = '';
  #begun = false;
  #disturbed = false;
  #writing: Promise<void> | undefined;
  /** What is being inserted now, so that the change is known as our own. */
  #own: string | undefined;

  constructor(editor: vscode.TextEditor, at: vscode.Position, onDisturbed: () => void) {
    this.#editor = editor;
    this.#at = editor.document.offsetAt(at);
    this.#onDisturbed = onDisturbed;
    this.#listener = vscode.workspace.onDidChangeTextDocument(event => this.#changed(event));
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
    this.#listener.dispose();
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
