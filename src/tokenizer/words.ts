import { GPT2_WORDS, type TokenizerDefinition } from './definition.ts';

type Encode = (text: string) => readonly number[];

/** Words that are kept; then they are forgotten, and learned anew. */
const MOST_WORDS = 100_000;
/** Longer ones hardly come again. */
const LONGEST_WORD = 48;

/** Whether texts are cut into GPT-2's words first, each of which is then encoded by itself, whatever stands around it. */
export function encodesByWords({ normalizer, pre_tokenizer }: TokenizerDefinition): boolean {
  const [cut] = pre_tokenizer?.pretokenizers ?? [];
  return !normalizer && (cut?.pattern as { Regex?: string } | undefined)?.Regex === GPT2_WORDS;
}

/**
 * Encodes a text word by word, and knows the words that it has met: several times as fast as the whole text at once,
 * and the same ids. A text that holds an added token is encoded as a whole: such tokens are not words.
 */
export function wordEncoder(encode: Encode, addedTokens: readonly string[]): (text: string) => number[] {
  const words = new RegExp(GPT2_WORDS, 'gu');
  const known = new Map<string, readonly number[]>();
  const learned = (word: string): readonly number[] => {
    const ids = encode(word);
    if (word.length > LONGEST_WORD) return ids;
    if (known.size >= MOST_WORDS) known.clear();
    known.set(ownCopy(word), ids);
    return ids;
  };
  return text => {
    if (addedTokens.some(token => text.includes(token))) return [...encode(text)];
    const ids: number[] = [];
    for (const word of text.match(words) ?? []) for (const id of known.get(word) ?? learned(word)) ids.push(id);
    return ids;
  };
}

/** A part of a string would keep the whole string in memory. */
const ownCopy = (word: string): string => Buffer.from(word, 'utf16le').toString('utf16le');
