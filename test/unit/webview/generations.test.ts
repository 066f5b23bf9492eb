import { expect, test } from 'vitest';
import type { GenerationsSnapshot } from '../../../src/protocol/panels/generations.ts';
import { announcement } from '../../../webview-ui/generations/announcement.ts';
import { beamCells } from '../../../webview-ui/generations/beamLattice.ts';
import { branchingPoints, branchRows } from '../../../webview-ui/generations/branchRows.ts';
import { compared } from '../../../webview-ui/generations/comparison.ts';
import { toggledCompared } from '../../../webview-ui/generations/context.ts';
import { distinct, figures, repeated } from '../../../webview-ui/generations/figures.ts';
import { leadOf } from '../../../webview-ui/generations/lead.ts';
import { received } from '../../../webview-ui/generations/received.ts';
import { settingsLine } from '../../../webview-ui/shared/settingsLine.ts';
import { branch, generated, resultOf } from './generatedTokens.ts';

test.each([
  [[1, 2, 1, 2], 1, 0.5],
  [[1, 2, 1, 2], 2, 2 / 3],
  [[1, 2, 3], 1, 1],
  [[1], 2, null],
])('of %j the share of different %i-grams is %s', (ids, n, share) => expect(distinct(ids, n)).toBe(share));

test('repeated n-grams are counted each time they come again, and the commonest is named', () => {
  // 1 2 3 comes three times, 2 3 1 and 3 1 2 twice.
  expect(repeated([1, 2, 3, 1, 2, 3, 1, 2, 3], 3)).toEqual({ times: 4, commonest: 0 });
  expect(repeated([9, 1, 2, 1, 2], 2)).toEqual({ times: 1, commonest: 1 });
  expect(repeated([1, 2, 3], 3)).toEqual({ times: 0, commonest: null });
});

test('perplexity and log-probabilities are those of the tokens', () => {
  const tokens = [0.5, 0.125].map(probability => generated('a', { probability }));
  const values = Object.fromEntries(figures(tokens, undefined).map(({ name, value }) => [name, value]));
  // ln(1/16) = -2.77, half of it -1.39, and 16 to the half is 4.
  expect(values).toMatchObject({ perplexity: '4.00', 'mean log p': '−1.39', 'total log p': '−2.8' });
  expect(values).not.toHaveProperty('speed');
});

test.each([
  ['the same', 'a b c', 'a b c', '', '', 3, 3],
  ['one word more', 'a b c', 'a x b c', '', '1', 1, 3],
  ['one word instead', 'a b c', 'a x c', '1', '1', 1, 2],
  ['nothing in common', 'a b', 'x y z', '0 1', '0 1 2', 0, 0],
  ['nothing at all', 'a', '', '0', '', 0, 0],
])('two texts with %s', (_, a, b, onlyFirst, onlySecond, sameStart, alike) => {
  const words = (text: string): string[] => text.split(' ').filter(word => word !== '');
  const result = compared(words(a), words(b));
  expect([...result.onlyFirst].join(' ')).toBe(onlyFirst);
  expect([...result.onlySecond].join(' ')).toBe(onlySecond);
  expect([result.sameStart, result.alike]).toEqual([sameStart, alike]);
});

test('branches stand under those that they left, with lines for what follows', () => {
  const rows = branchRows([
    branch(0),
    branch(1),
    branch(2, { parent: 0, shared: 3 }),
    branch(3, { parent: 2, shared: 5 }),
    branch(4, { parent: 0, shared: 1 }),
  ]);
  expect(rows.map(({ branch: { id }, level, guides, isLast }) => [id, level, guides, isLast])).toEqual([
    [0, 1, [], false],
    [2, 2, [true], false],
    [3, 3, [true, true], true],
    [4, 2, [true], true],
    [1, 1, [], true],
  ]);
});

test('the tokens chosen by hand are those at which a text left another, where it still has them', () => {
  const branches = [
    branch(0),
    branch(1, { parent: 0, shared: 4 }),
    branch(2, { parent: 1, shared: 2 }),
    branch(3, { parent: 1, shared: 6 }),
  ];
  expect(branchingPoints(branches, 0)).toEqual([]);
  expect(branchingPoints(branches, 2)).toEqual([2]);
  expect(branchingPoints(branches, 3)).toEqual([4, 6]);
});

const beam = (parent: number, id: number, finished = false) => ({
  parent,
  token: { id, text: String(id), probability: 0.5 },
  text: '',
  logProbability: -1,
  finished,
});

test('beams that lead nowhere are dead; the returned text is the best, though others live on', () => {
  const steps = [
    [beam(0, 10), beam(0, 11)],
    [beam(1, 20), beam(1, 21), beam(0, 22, true)],
    [beam(0, 30), beam(0, 31)],
  ];
  const fates = (best: number[]) => beamCells(steps, best).map(cells => cells.map(({ fate }) => fate));
  expect(fates([10, 22])).toEqual([
    ['best', 'lives'],
    ['lives', 'dead', 'best'],
    ['lives', 'lives'],
  ]);
  expect(fates([])).toEqual([
    ['lives', 'best'],
    ['best', 'dead', 'lives'],
    ['best', 'lives'],
  ]);
  expect(beamCells([], [])).toEqual([]);
});

test('a line of settings leaves out what the mode does not use', () => {
  const settings = { decoding: 'sample', maxNewTokens: 40, beams: 4, temperature: 0.8, topP: 0.9 } as const;
  expect(settingsLine(settings)).toBe('sample · T 0.8 · top-p 0.9 · 40 tokens');
  expect(settingsLine({ ...settings, decoding: 'beam' })).toBe('beam · 4 beams · 40 tokens');
});

test('a second column joins the comparison, a third takes the place of the first, and one that is chosen again leaves', () => {
  expect(toggledCompared(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggledCompared(['a', 'b'], 'c')).toEqual(['b', 'c']);
  expect(toggledCompared(['a', 'b'], 'a')).toEqual(['b']);
});

test('a long prompt leads in with its end, from a word on', () => {
  expect(leadOf('short')).toBe('short');
  expect(leadOf(`${'word '.repeat(20)}end`)).toMatch(/^…word (word )+end$/);
});

const snapshot = (results: GenerationsSnapshot['results']): GenerationsSnapshot =>
  ({ prompt: 'Once', columns: [{ id: 'c', name: 'greedy' }], results }) as unknown as GenerationsSnapshot;

test('what streams in is added to its branch, and a result that goes is gone', () => {
  const before = snapshot({ c: resultOf([branch(0, { state: 'waiting' }), branch(1)]) });
  const stream = {
    tokens: [{ branch: 0, tokens: [generated(' upon')] }],
    beams: [],
    states: [{ branch: 0, state: 'running' as const }],
    progress: null,
  };
  const after = received(before, { type: 'stream', column: 'c', stream });
  const twice = received(after, { type: 'stream', column: 'c', stream });
  expect(twice?.results['c']?.branches[0]).toMatchObject({
    state: 'running',
    tokens: [{ text: ' upon' }, { text: ' upon' }],
  });
  expect(twice?.results['c']?.branches[1]).toBe(before.results['c']?.branches[1]);
  expect(received(before, { type: 'result', column: 'c', result: null })?.results).toEqual({});
  expect(received(before, { type: 'stream', column: 'gone', stream })?.results).toEqual(before.results);
});

test('a screen reader hears of beginnings and ends, not of tokens', () => {
  const running = snapshot({ c: resultOf([branch(0, { state: 'running' })]) });
  const more = snapshot({ c: resultOf([branch(0, { state: 'running', tokens: [generated('a')] })]) });
  const done = snapshot({ c: resultOf([branch(0, { state: 'length', tokens: [generated('a')] })]) });
  expect(announcement(snapshot({}), running)).toBe('Generating: greedy.');
  expect(announcement(running, more)).toBeNull();
  expect(announcement(more, done)).toBe('greedy has 1\u00a0token.');
});
