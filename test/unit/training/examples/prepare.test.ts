import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type Examples, rowCount } from '../../../../src/training/examples/examples.ts';
import { readExamples, writeExamples } from '../../../../src/training/examples/files.ts';
import { temporaryFolder } from '../../data/setting.ts';
import { type Asked, CONTEXT, idsOf, IN_ORDER, lines, prepared, TINY, tokenizer } from './prepared.ts';

const labelled = (labels: readonly string[]) => ({
  'rows.jsonl': lines(labels.map((label, at) => ({ text: `text ${at}`, label }))),
});
const CLASSIFY: Asked = { method: 'classification' };

describe('a run folder', () => {
  it('gets examples of each part, split.json, and a run.json that says what was found', async () => {
    const { part, split, spec } = await prepared(labelled(['b', 'a', 'a', 'b', 'a', 'b', 'a', 'b']), CLASSIFY);
    expect(split).toEqual({ train: [0, 1, 2, 3], validation: [4, 5], test: [6, 7], leftOut: [] });
    expect(spec).toMatchObject({
      model: TINY,
      classification: { labels: ['a', 'b'] },
      dataset: { file: '../rows.jsonl', columns: { text: 'text', label: 'label' } },
    });
    const [train, validation] = [await part('train'), await part('validation')];
    expect([train.labels, validation.labels]).toEqual([
      [1, 0, 0, 1],
      [0, 1],
    ]);
    expect(idsOf(validation)).toEqual([tokenizer.ids('text 4'), tokenizer.ids('text 5')]);
  });

  it('is prepared once', async () => {
    const { run, again } = await prepared(labelled(['a', 'b', 'a', 'b']), CLASSIFY);
    const file = path.join(run, 'data', 'train.safetensors');
    const { mtimeMs } = await stat(file);
    await again();
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  });

  it('is left as it was where preparing is cancelled', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(prepared(labelled(['a', 'b', 'a', 'b']), CLASSIFY, abort.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('parts in files of their own: filters and derived columns hold for all, balance and take for training alone', async () => {
    const rows = (from: number, count: number) =>
      lines(
        Array.from({ length: count }, (_, at) => ({
          n: from + at,
          body: `t${from + at}`,
          label: at % 3 === 0 ? 'x' : 'y',
        })),
      );
    const { part, split } = await prepared(
      { 'rows.jsonl': rows(0, 12), 'val.jsonl': rows(100, 6), 'test.jsonl': rows(200, 6) },
      {
        ...CLASSIFY,
        dataset: {
          steps: [{ derive: { text: 'say {{ body }}' } }, { filter: 'n != 101' }, { take: 4 }],
          split: { files: { validation: '../val.jsonl', test: '../test.jsonl' } },
        },
      },
    );
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([4, 5, 6]);
    expect(idsOf(await part('validation'))[1]).toEqual(tokenizer.ids('say t102'));
  });

  it('a row without text or label is left out with the reason, and the others keep their numbers', async () => {
    const rows = [
      { text: 'a', label: 'x' },
      { text: '', label: 'y' },
      { text: 'b', label: null },
      { text: 'c', label: 'y' },
    ];
    const { split, part } = await prepared(
      { 'rows.jsonl': lines(rows) },
      { ...CLASSIFY, dataset: { split: { train: 1, validation: 0, test: 0, shuffle: false } } },
    );
    expect(split).toMatchObject({
      train: [0, 3],
      leftOut: [
        { row: 1, reason: 'its text is empty' },
        { row: 2, reason: 'its label is empty' },
      ],
    });
    expect(rowCount(await part('train'))).toBe(2);
  });

  it('pairs that are equal are kept, and told', async () => {
    const rows = [
      { prompt: 'p', chosen: 'a', rejected: 'b' },
      { prompt: 'p', chosen: 'c', rejected: 'c' },
    ];
    const split = { train: 1, validation: 0, test: 0, shuffle: false };
    const { split: written } = await prepared({ 'rows.jsonl': lines(rows) }, { method: 'dpo', dataset: { split } });
    expect(written).toEqual({ train: [0, 1], validation: [], test: [], leftOut: [], equalPairs: [1] });
  });

  it('prompts alone for ppo: one beyond the context leaves room for an answer, one without the label it is to have goes', async () => {
    const rows = [
      { prompt: 'p '.repeat(60), label: 'yes' },
      { prompt: 'q', label: 'no' },
      { prompt: 'r', label: null },
    ];
    const { split, part, spec } = await prepared(
      { 'rows.jsonl': lines(rows) },
      {
        method: 'ppo',
        ppo: { rewardRule: { label: true }, maxNewTokens: 20 },
        dataset: { split: { train: 1, validation: 0, test: 0, shuffle: false } },
      },
    );
    expect(split).toMatchObject({ train: [0, 1], leftOut: [{ row: 2, reason: 'its label is empty' }] });
    const { labels, promptTokens, scored } = await part('train');
    expect(Array.from(promptTokens)).toEqual([32 - 20, tokenizer.ids('q').length]);
    expect(Array.from(scored).includes(1)).toBe(false);
    expect(labels?.map(label => spec.classification?.labels?.[label])).toEqual(['yes', 'no']);
  });

  it('rows of validation and test are cut to the longest of training', async () => {
    const rows = [
      { text: 'ab', label: 'x' },
      { text: 'abcdef', label: 'y' },
      { text: 'a much longer text than those', label: 'x' },
      { text: 'z', label: 'y' },
    ];
    const { part } = await prepared({ 'rows.jsonl': lines(rows) }, { ...CLASSIFY, training: { padding: 'longest' } });
    const [train, validation] = [await part('train'), await part('validation')];
    const longest = Math.max(...idsOf(train).map(ids => ids.length));
    expect([train.paddedLength, validation.paddedLength]).toEqual([longest, longest]);
    expect(idsOf(validation)).toEqual([tokenizer.ids('a much longer text than those').slice(0, longest)]);
  });

  it('a plain text is one text for lm: packed first, then split by pieces', async () => {
    const text = Array.from({ length: 60 }, (_, at) => `Line ${at} of it.\n\n`).join('');
    const { part, split } = await prepared(
      { 'book.txt': text },
      { method: 'lm', dataset: { file: 'book.txt' }, training: { maxLength: 16 } },
    );
    const ids = [...tokenizer.ids(text), tokenizer.endOfText];
    const pieces = Array.from({ length: Math.ceil(ids.length / 16) }, (_, at) => ids.slice(16 * at, 16 * at + 16));
    const count = pieces.filter(piece => piece.length > 1).length;
    expect([split.train.length, split.validation.length]).toEqual([Math.floor(count / 2), Math.floor(count / 4)]);
    expect(idsOf(await part('train'))).toEqual(pieces.slice(0, split.train.length));
    expect(idsOf(await part('test'))).toEqual(pieces.slice(split.train.length + split.validation.length, count));
  });

  it('a long text in many stretches has the ids of the whole', async () => {
    const text = Array.from({ length: 60_000 }, (_, at) =>
      at % 7 === 0 ? ' \n\n  x' : at % 5 === 0 ? ' y  \n' : `word${at}\n`,
    ).join('');
    const split = { train: 1, validation: 0, test: 0, shuffle: false };
    const { part } = await prepared(
      { 'book.txt': text },
      { method: 'lm', dataset: { file: 'book.txt', split }, training: { endToken: false } },
    );
    const whole = tokenizer.ids(text);
    const rest = whole.length % CONTEXT === 1 ? whole.slice(0, -1) : whole;
    expect(Buffer.from((await part('train')).ids.buffer).equals(Buffer.from(Int32Array.from(rest).buffer))).toBe(true);
  }, 60_000);
});

describe('what is refused before anything is written', () => {
  const chosen = (text: string) => ({ 'rows.jsonl': text });
  const pairs = lines([{ prompt: 'p', chosen: 'c', rejected: 'r' }]);
  const ALL = { train: 1, validation: 0, test: 0, shuffle: false };
  test.each<[string, Readonly<Record<string, string>>, Asked, string, RegExp]>([
    [
      'a column that is not there',
      labelled(['a', 'b', 'a', 'b']),
      { ...CLASSIFY, dataset: { columns: { label: 'class' } } },
      'column-missing',
      /dataset\.columns\.label is "class"/,
    ],
    [
      'a role that no column has',
      chosen(lines([{ text: 'a' }, { text: 'b' }])),
      { ...CLASSIFY, dataset: { split: ALL } },
      'column-missing',
      /needs a column for label/,
    ],
    [
      'answers for sft',
      chosen(lines([{ prompt: 'a' }, { prompt: 'b' }])),
      { method: 'sft', dataset: { split: ALL } },
      'column-missing',
      /needs a column for completion or output/,
    ],
    [
      'pairs for dpo',
      labelled(['a', 'b']),
      { method: 'dpo', dataset: { split: ALL } },
      'column-missing',
      /needs a column for chosen and for rejected/,
    ],
    ['one class', labelled(['a', 'a', 'a', 'a']), CLASSIFY, 'one-class', /All training rows have one label, "a"/],
    ['an empty file', chosen(''), CLASSIFY, 'dataset-empty', /has no rows/],
    [
      'a label in validation that training has not',
      labelled(['a', 'b', 'a', 'b', 'c', 'a', 'b', 'a']),
      CLASSIFY,
      'label-unknown',
      /Row 5 of validation has the label "c"/,
    ],
    [
      'a label that is not in the list',
      labelled(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b']),
      { ...CLASSIFY, classification: { labels: ['a', 'x'] } },
      'label-unknown',
      /Row 2 of train has the label "b", which is not in classification\.labels/,
    ],
    [
      'a label without a word',
      labelled(['a', 'b', 'c', 'b']),
      { method: 'sft', sft: { labelWords: { a: ' x', b: ' y' } } },
      'label-unknown',
      /not in sft\.labelWords/,
    ],
    [
      'a part with a positive share and no row',
      labelled(['a', 'b', 'a']),
      { ...CLASSIFY, dataset: { split: { ...IN_ORDER } } },
      'split-part-empty',
      /The validation part, 25 % of 3 rows, is no row/,
    ],
    [
      'a part that keeps no row',
      chosen(
        lines([
          { text: 'a', label: 'x' },
          { text: 'b', label: 'y' },
          { text: '', label: 'x' },
          { text: 'c', label: 'y' },
        ]),
      ),
      CLASSIFY,
      'part-without-rows',
      /No row is left for validation.*its text is empty/,
    ],
    [
      'more than the context',
      labelled(['a', 'b', 'a', 'b']),
      { ...CLASSIFY, training: { maxLength: 33 } },
      'length-over-context',
      /training\.maxLength is 33, and the model’s context is 32/,
    ],
    [
      'padding beyond the context',
      labelled(['a', 'b', 'a', 'b']),
      { ...CLASSIFY, training: { padding: 64 } },
      'length-over-context',
      /training\.padding is 64/,
    ],
    [
      'no room for a prompt',
      chosen(lines([{ prompt: 'p' }])),
      { method: 'ppo', ppo: { rewardRule: { contains: 'x' }, maxNewTokens: 40 }, dataset: { split: ALL } },
      'length-invalid',
      /ppo\.maxNewTokens is 40/,
    ],
    [
      'a reward by labels without any',
      chosen(lines([{ prompt: 'p' }])),
      { method: 'ppo', ppo: { rewardRule: { label: true }, maxNewTokens: 4 }, dataset: { split: ALL } },
      'column-missing',
      /label/,
    ],
    [
      'a reward model of several labels',
      chosen(lines([{ prompt: 'p' }])),
      {
        method: 'ppo',
        ppo: { rewardModel: path.resolve('test/parity/training/fixtures/models/classifier'), maxNewTokens: 4 },
        dataset: { split: ALL },
      },
      'not-a-reward-model',
      /3 labels/,
    ],
    [
      'prompts that leave nothing to learn',
      chosen(pairs.replace('"p"', JSON.stringify('a long prompt that fills the whole context of the model and more'))),
      { method: 'dpo', dataset: { split: ALL }, training: { maxLength: 8 } },
      'part-without-rows',
      /nothing to learn from is left of it within 8 tokens/,
    ],
    [
      'prompts that leave no answer to score',
      chosen(pairs.replace('"p"', JSON.stringify('a long prompt that fills the whole context of the model and more'))),
      { method: 'reward', dataset: { split: ALL }, training: { maxLength: 8 } },
      'part-without-rows',
      /nothing to learn from is left of it within 8 tokens/,
    ],
    [
      'an unknown template',
      chosen(lines([{ prompt: 'p', completion: 'c' }])),
      { method: 'sft', dataset: { template: 'alpacca', split: ALL } },
      'template-unknown',
      /“alpacca”/,
    ],
    [
      'a template that is no Jinja',
      chosen(lines([{ prompt: 'p', completion: 'c' }])),
      { method: 'sft', dataset: { template: '{{ prompt', split: ALL } },
      'template-syntax',
      /never closed/,
    ],
    [
      'an unknown model',
      labelled(['a', 'b', 'a', 'b']),
      { ...CLASSIFY, model: 'no-such-model' },
      'model-unknown',
      /no-such-model/,
    ],
    ['a file that is not there', {}, CLASSIFY, 'file-missing', /rows\.jsonl/],
  ])('%s', async (_, files, request, code, message) => {
    await expect(prepared(files, request)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('examples as files', () => {
  const examples: Examples = {
    ids: Int32Array.of(1, 2, 3, 4, 5, 6),
    offsets: [0, 2, 3, 6],
    promptTokens: Int32Array.of(1, 0, 2),
    scored: Uint8Array.of(0, 1, 0, 0, 1, 1),
    labels: [1, 0],
    rowOffsets: [0, 2, 3],
    paddedLength: 4,
  };

  test.each<[string, Examples, string]>([
    ['rows of different numbers of sequences', examples, 'variable'],
    ['one sequence a row', { ...examples, rowOffsets: [0, 1, 2, 3], labels: null, paddedLength: null }, '1'],
    [
      'two sequences a row',
      { ...examples, offsets: [0, 2, 6], promptTokens: Int32Array.of(1, 0), rowOffsets: [0, 2], labels: [0] },
      '2',
    ],
  ])('%s are read as they were written', async (_, written, sequencesPerRow) => {
    const file = path.join(await temporaryFolder(), 'train.safetensors');
    await writeExamples(file, written);
    expect(await readExamples(file)).toEqual(written);
    const bytes = await readFile(file);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE()))) as Record<
      string,
      { dtype: string; sequencesPerRow: string }
    >;
    expect(header['__metadata__']?.sequencesPerRow).toBe(sequencesPerRow);
    expect([
      header['ids']?.dtype,
      header['offsets']?.dtype,
      header['promptTokens']?.dtype,
      header['scored']?.dtype,
    ]).toEqual(['I32', 'I64', 'I32', 'U8']);
  });

  it('a file whose tensors do not belong together is refused', async () => {
    const file = path.join(await temporaryFolder(), 'train.safetensors');
    await writeExamples(file, { ...examples, offsets: [0, 2, 3, 5] });
    await expect(readExamples(file)).rejects.toMatchObject({ code: 'examples-invalid' });
  });
});
