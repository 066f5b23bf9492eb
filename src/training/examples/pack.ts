import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { ExamplesBuilder } from './build.ts';

/** Joins texts and cuts what they make into pieces of `maxLength` tokens; a last piece of a single token is dropped. */
export class Packer {
  private readonly builder: Pick<ExamplesBuilder, 'addPiece'>;
  private readonly piece: Int32Array;
  private used = 0;

  constructor(builder: Pick<ExamplesBuilder, 'addPiece'>, maxLength: number) {
    this.builder = builder;
    this.piece = new Int32Array(maxLength);
  }

  add(ids: readonly number[]): void {
    for (const id of ids) {
      this.piece[this.used++] = id;
      if (this.used === this.piece.length) this.flush();
    }
  }

  end(): void {
    if (this.used > 1) this.flush();
    this.used = 0;
  }

  private flush(): void {
    this.builder.addPiece(this.piece.slice(0, this.used));
    this.used = 0;
  }
}

/** A text is encoded in stretches of about so many characters. */
const STRETCH = 256 * 1024;

/**
 * The ids of one long text that comes in pieces, as if it were encoded at once: it is cut where a line ends between two
 * characters that are no white space, which no token of GPT-2's crosses (its words end before and after such an end).
 */
export async function* idsOfText(pieces: AsyncIterable<string>, tokenizer: Tokenizer): AsyncGenerator<number[]> {
  let rest = '';
  for await (const piece of pieces) {
    rest += piece;
    while (rest.length > 2 * STRETCH) {
      const cut = placeToCut(rest, STRETCH);
      if (cut === undefined) break;
      yield tokenizer.ids(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
  }
  if (rest !== '') yield tokenizer.ids(rest);
}

function placeToCut(text: string, from: number): number | undefined {
  const place = /(?<=\S)\n(?=\S)/g;
  place.lastIndex = from;
  const found = place.exec(text);
  return found ? found.index + 1 : undefined;
}
