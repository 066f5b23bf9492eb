import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenizerDefinition } from '../../../src/tokenizer/definition.ts';
import { loadTokenizer } from '../../../src/tokenizer/load.ts';
import { assertVocabulary } from '../../../src/tokenizer/vocabulary.ts';

const STARTER = path.resolve('models/starter');
const definition = JSON.parse(await readFile(path.join(STARTER, 'tokenizer.json'), 'utf8')) as TokenizerDefinition;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lm-lab-tokenizer-'));
});
afterEach(() => rm(folder, { recursive: true }));
const write = (name: string, content: unknown): Promise<void> =>
  writeFile(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

describe('a folder that has no tokenizer of GPT-2’s kind is refused', () => {
  const { model } = definition;
  const withoutQuestionMark = Object.fromEntries(Object.entries(model.vocab).filter(([token]) => token !== '?'));
  it.each<[string, string, Record<string, unknown>]>([
    ['no files', 'tokenizer-missing', {}],
    ['vocab.json alone', 'tokenizer-missing', { 'vocab.json': {} }],
    ['cut JSON', 'tokenizer-unreadable', { 'tokenizer.json': '{"model": {' }],
    ['null', 'tokenizer-missing', { 'tokenizer.json': 'null' }],
    ['an array', 'tokenizer-unsupported', { 'tokenizer.json': [] }],
    ['a WordPiece model', 'tokenizer-unsupported', { 'tokenizer.json': { model: { type: 'WordPiece', vocab: {} } } }],
    [
      'a missing byte',
      'tokenizer-unsupported',
      { 'tokenizer.json': { ...definition, model: { ...model, vocab: withoutQuestionMark } } },
    ],
    [
      'a space before every text',
      'tokenizer-unsupported',
      { 'tokenizer.json': { ...definition, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true } } },
    ],
  ])('%s', async (_, code, files) => {
    for (const [name, content] of Object.entries(files)) await write(name, content);
    await expect(loadTokenizer(folder)).rejects.toMatchObject({ code, message: expect.stringContaining(folder) });
  });
});

it('reads vocab.json and merges.txt, with the special token and added tokens', async () => {
  const merges = definition.model.merges.map(merge => (typeof merge === 'string' ? merge : merge.join(' ')));
  await write('vocab.json', { ...definition.model.vocab, '<|endoftext|>': 50256 });
  await write('merges.txt', ['#version: 0.2', ...merges, ''].join('\n'));
  await write('added_tokens.json', { '[PAD]': 50257 });
  const tokenizer = await loadTokenizer(folder);
  expect(tokenizer.ids('The movie<|endoftext|>[PAD]')).toEqual([464, 3807, 50256, 50257]);
  expect(tokenizer).toMatchObject({ vocabularySize: 50258, endOfText: 50256 });
});

it('a normalizer that changes the text is named when offsets are asked for', async () => {
  await write('tokenizer.json', { ...definition, normalizer: { type: 'Lowercase' } });
  const tokenizer = await loadTokenizer(folder);
  expect(() => tokenizer.encode('ⱯBC')).toThrow(expect.objectContaining({ code: 'tokenizer-changes-text' }));
});

describe('the vocabulary of the model', () => {
  it('may not be smaller than the tokenizer’s: both figures are told', () => {
    const refused = expect.objectContaining({
      code: 'tokenizer-mismatch',
      message: expect.stringMatching(/50257.*50000/),
    });
    expect(() => assertVocabulary({ vocabularySize: 50257 }, 50000, folder)).toThrow(refused);
  });
  it.each([
    [50257, undefined],
    [50304, expect.stringContaining('47')],
  ])('of %d is taken', (vocabularySize, warning) => {
    expect(assertVocabulary({ vocabularySize: 50257 }, vocabularySize, folder)).toEqual(warning);
  });
});
