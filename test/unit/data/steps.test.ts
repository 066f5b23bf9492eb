import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { splitRows } from '../../../src/data/split.ts';
import { applySteps } from '../../../src/data/steps.ts';
import { View } from '../../../src/data/view.ts';
import { DEFAULT_SPLIT } from '../../../src/protocol/run/defaults.ts';
import type { DatasetStep, SharesSpec } from '../../../src/protocol/run/spec.ts';
import { opened, openedText, STEPS, viewOf } from './setting.ts';

describe('steps', () => {
  const rows = Array.from({ length: 10 }, (_, n) => ({ n, label: n % 5 === 0 ? 'rare' : 'common', text: `row ${n}` }));

  test.each<[string, DatasetStep[], number[], string[]]>([
    ['a filter', [{ filter: 'n > 2 and n <= 5' }], [3, 4, 5], ['filter n > 2 and n <= 5']],
    ['a filter in double braces', [{ filter: '{{ n == 7 }}' }], [7], ['filter {{ n == 7 }}']],
    [
      'a filter over all columns by name',
      [{ filter: 'row["text"] == "row 4"' }],
      [4],
      ['filter row["text"] == "row 4"'],
    ],
    ['the first rows', [{ take: 3 }], [0, 1, 2], ['take 3']],
    ['more than there are', [{ take: 30 }], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], ['take 30']],
    [
      'one after another',
      [{ filter: 'label == "common"' }, { take: 2 }],
      [1, 2],
      ['filter label == "common"', 'take 2'],
    ],
  ])('%s', async (_, steps, kept, names) => {
    const { view, counts } = await applySteps(await viewOf(rows), steps, STEPS);
    expect(view.readBatch(0, 10).map(({ cells }) => cells[0])).toEqual(kept);
    expect(counts.map(({ step }) => step)).toEqual(names);
    expect(counts.at(-1)?.rows).toBe(kept.length);
  });

  it('derives columns, which later steps see; one of the same name takes its place', async () => {
    const steps: DatasetStep[] = [
      { derive: { chosen: 'Let me explain. {{ text }}', text: '{{ text | upper }}' } },
      { filter: '"ROW 7" in text' },
      { derive: { again: '{{ chosen }}!' } },
    ];
    const { view } = await applySteps(await viewOf(rows), steps, STEPS);
    expect(view.columns).toEqual(['n', 'label', 'text', 'chosen', 'again']);
    expect(view.readBatch(0, 10).map(({ cells, source }) => [source, ...cells])).toEqual([
      [7, 7, 'common', 'ROW 7', 'Let me explain. row 7', 'Let me explain. row 7!'],
    ]);
  });

  it('balances: as many of each as of the rarest, in file order, the same with the same seed', async () => {
    const balanced = async (seed: number): Promise<number[]> => {
      const { view } = await applySteps(await viewOf(rows), [{ balance: 'label' }], { ...STEPS, seed });
      return view.readBatch(0, 10).map(({ source }) => source);
    };
    const kept = await balanced(1);
    expect(kept).toHaveLength(4);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect(kept.filter(row => row % 5 === 0)).toEqual([0, 5]);
    expect(await balanced(1)).toEqual(kept);
    const draws = await Promise.all([2, 3, 4, 5, 6].map(balanced));
    expect(draws.some(other => String(other) !== String(kept))).toBe(true);
  });

  it('SMS spam balanced: 747 of each, 1,045, 149 and 300 rows of 0.7, 0.1 and 0.2', async () => {
    const table = await opened(path.resolve('samples/sms-spam.tsv'));
    const aliases = { label: 'column1' };
    const { view } = await applySteps(new View(table), [{ balance: 'label' }], { ...STEPS, aliases });
    expect(view.count).toBe(2 * 747);
    const parts = splitRows(view.count, { ...DEFAULT_SPLIT, train: 0.7, validation: 0.1, test: 0.2 });
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([1045, 149, 300]);
  });

  it('numbers of a CSV are numbers, labels are texts', async () => {
    const table = await openedText('a.csv', 'text,label,score\na,1,2.5\nb,0,10\nc,1,3\nd,0,0.5\n');
    const kept = async (filter: string): Promise<number> =>
      (await applySteps(new View(table), [{ filter }], STEPS)).view.count;
    expect(await kept('score > 3')).toBe(1);
    expect(await kept('label == "1"')).toBe(2);
  });

  it.each([
    ['note is undefined or note == "kept"', 10],
    ['note is defined', 0],
    ['note | default("rare") == label', 2],
    ['completion == "row 3"', 1],
  ])('a filter may ask whether there is a column: %s', async (filter, count) => {
    const steps = [{ filter: 'true' }, { filter }];
    const options = { ...STEPS, aliases: { completion: 'text' } };
    const applied = applySteps(await viewOf(rows), steps, options);
    if (count === 0) await expect(applied).rejects.toMatchObject({ code: 'step-leaves-nothing' });
    else expect((await applied).view.count).toBe(count);
  });

  it('a filter by no column says which there are', async () => {
    const steps = [{ derive: { shout: '{{ text }}!' } }, { filter: 'shut' }];
    await expect(applySteps(await viewOf(rows), steps, STEPS)).rejects.toMatchObject({
      remedy: 'The columns are n, label, text, shout. Write one of them.',
    });
  });

  test.each<[string, DatasetStep, string, RegExp]>([
    ['an expression that is none', { filter: 'n >' }, 'template-syntax', /dataset\.steps\[0\]/],
    ['a place in it', { filter: 'n > 1 and and n' }, 'template-syntax', /[Cc]olumn \d+ of the expression/],
    ['a template that is never closed', { derive: { a: '{{ text' } }, 'template-syntax', /dataset\.steps\[0\]/],
    ['a filter that fails on a row', { filter: 'n | upper' }, 'template-failed', /Row 1/],
    [
      'a filter by no column',
      { filter: 'lable == "rare"' },
      'column-missing',
      /steps\[0\]: the condition names "lable"/,
    ],
    ['one that would keep all', { filter: 'n > 2 or row["lable"] != "rare"' }, 'column-missing', /"row\.lable"/],
    ['a label without quotes', { filter: 'label == rare' }, 'column-missing', /names "rare"/],
    ['no such column', { balance: 'no' }, 'step-invalid', /no column "no"/],
    ['a column that a template writes', { derive: { shout: '{{ txt }}!' } }, 'column-missing', /"shout" names "txt"/],
    ['nothing is left', { filter: 'n > 100' }, 'step-leaves-nothing', /none of 10 rows/],
    ['no whole number', { take: 0 }, 'step-invalid', /"take" is 0/],
  ])('refuses %s', async (_, step, code, message) => {
    await expect(applySteps(await viewOf(rows), [step], STEPS)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('split', () => {
  const shares = (train: number, validation: number, test: number, more: Partial<SharesSpec> = {}): SharesSpec => ({
    ...DEFAULT_SPLIT,
    shuffle: false,
    train,
    validation,
    test,
    ...more,
  });
  const sizes = (count: number, split: SharesSpec): number[] => {
    const { train, validation, test } = splitRows(count, split);
    return [train.length, validation.length, test.length];
  };

  // By hand: floor(share x rows) in order, the last part with a positive share takes the rest.
  test.each<[number, SharesSpec, number[]]>([
    [1100, shares(0.85, 0.05, 0.1), [935, 55, 110]],
    [1494, shares(0.7, 0.1, 0.2), [1045, 149, 300]],
    [10, shares(0.8, 0.2, 0), [8, 2, 0]],
    [11, shares(0.8, 0.2, 0), [8, 3, 0]],
    [7, shares(1, 0, 0), [7, 0, 0]],
    [100, shares(0.33, 0.33, 0.34, { order: ['test', 'train', 'validation'] }), [33, 33, 34]],
  ])('%i rows', (count, split, expected) => {
    expect(sizes(count, split)).toEqual(expected);
  });

  it('takes rows as they come, part by part in order', () => {
    const parts = splitRows(10, shares(0.5, 0.2, 0.3, { order: ['test', 'validation', 'train'] }));
    expect([...parts.test]).toEqual([0, 1, 2]);
    expect([...parts.validation]).toEqual([3, 4]);
    expect([...parts.train]).toEqual([5, 6, 7, 8, 9]);
  });

  it('shuffled: every row once, the same with the same seed', () => {
    const split = shares(0.5, 0.25, 0.25, { shuffle: true, seed: 7 });
    const { train, validation, test } = splitRows(1000, split);
    const all = [...train, ...validation, ...test];
    expect([...all].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, row) => row));
    expect(all.slice(0, 20)).not.toEqual(Array.from({ length: 20 }, (_, row) => row));
    expect([...splitRows(1000, split).train]).toEqual([...train]);
    expect([...splitRows(1000, { ...split, seed: 8 }).train]).not.toEqual([...train]);
  });

  test.each<[string, number, SharesSpec, string, RegExp]>([
    ['shares that do not add up', 10, shares(0.8, 0.1, 0.2), 'split-invalid', /add up to 1\.1/],
    ['a negative share', 10, shares(1.2, -0.2, 0), 'split-invalid', /dataset\.split\.train is 1\.2/],
    ['no training part', 10, shares(0, 0.5, 0.5), 'split-invalid', /dataset\.split\.train is 0/],
    [
      'a part that comes twice',
      10,
      shares(0.8, 0.1, 0.1, { order: ['train', 'train', 'test'] }),
      'split-invalid',
      /order/,
    ],
    [
      'a positive share without a row',
      10,
      shares(0.85, 0.05, 0.1),
      'split-part-empty',
      /The validation part, 5 % of 10 \w+, is no row/,
    ],
  ])('refuses %s', (_, count, split, code, message) => {
    expect(() => splitRows(count, split)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
