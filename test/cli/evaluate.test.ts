import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODES, run, scratch } from './run.ts';

const FIXTURES = path.resolve('test/parity/evaluation/fixtures');
const MODEL = path.resolve('test/parity/fixtures/head-size-12');
interface Case {
  readonly name: string;
  readonly task: { readonly prompt: string; readonly labelWords: object };
  readonly orders: Array<Array<{ readonly scores: Record<string, number> } | null>>;
}
const { cases } = JSON.parse(readFileSync(path.join(FIXTURES, 'expected.json'), 'utf8')) as { cases: Case[] };
const wanted = cases.find(({ name }) => name === 'head-size-12, nothing around, apart, text, mean') as Case;

const words = path.join(scratch, 'words.json');
writeFileSync(words, JSON.stringify(wanted.task.labelWords));

const DATA = ['--file', path.join(FIXTURES, 'rows.jsonl'), '--rows', '8', '--column', 'label=label'];
const ASKED = ['evaluate', '--task', 'prompt', '--model', MODEL, '--device', 'cpu', '--json', ...DATA];
const HOW = [
  '--label-words',
  words,
  '--prompt',
  wanted.task.prompt,
  '--apart',
  '--score',
  'text',
  '--normalize',
  'mean',
];

interface Report {
  readonly accuracy: number;
  readonly interval: readonly [number, number];
  readonly confusion: { readonly counts: number[][] };
  readonly rows: Array<{ row: number; label: string; predicted: string; scores: Record<string, number> }>;
}

describe.each(NODES)('%s', node => {
  it('evaluate --task prompt: what transformers says of each row and label', async () => {
    const { code, stdout, stderr } = await run(node, [...ASKED, ...HOW]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const report = JSON.parse(stdout) as Report;
    const scores = report.rows.map(({ scores }) => Object.values(scores)).flat();
    const expected = (wanted.orders[0] ?? []).flatMap(row => Object.values(row?.scores ?? {}));
    expect(scores).toHaveLength(expected.length);
    for (const [at, score] of expected.entries()) expect(scores[at]).toBeCloseTo(score, 3);
    const right = report.rows.filter(({ label, predicted }) => label === predicted).length;
    expect(report.accuracy).toBeCloseTo(right / report.rows.length);
    expect(report.interval[0]).toBeLessThan(report.accuracy + 1e-9);
    expect(report.confusion.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(report.rows.length);
  });

  it('evaluate --evaluations-folder: keeps a folder, which --resume answers from', async () => {
    const kept = path.join(scratch, `kept-${NODES.indexOf(node)}`);
    const first = await run(node, [...ASKED, ...HOW, '--evaluations-folder', kept]);
    expect(first.code).toBe(0);
    const [name = ''] = readdirSync(kept);
    const folder = path.join(kept, name);
    expect(first.stderr).toContain(folder);
    expect(existsSync(path.join(folder, 'rows.jsonl'))).toBe(true);
    const again = await run(node, ['evaluate', '--resume', folder, '--json']);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(first.stdout));
    const asked = await run(node, ['evaluate', '--resume', folder, '--rows', '3', '--json']);
    expect(asked.code).toBe(2);
    expect(JSON.parse(asked.stdout)).toMatchObject({ error: { message: expect.stringContaining('--rows') } });
  });

  it('who types options is told of options, and not of fields', async () => {
    const ofLabels = ['--label-words', words, '--prompt', 'a', '--column', 'label=lable'];
    for (const [args, named] of [
      [['--label-words', words, '--prompt', '{{ review }}'], '--prompt names "review"'],
      [[...HOW, '--shots', '5'], '--shots is 5'],
      [ofLabels, '--column label=… is "lable"'],
    ] as const) {
      const { stdout } = await run(node, [...ASKED, ...args]);
      expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining(named) } });
    }
  });

  it.each<readonly [string, readonly string[], number, string]>([
    ['no label words', ['--prompt', '{{ sentence }}'], 2, 'wrong-usage'],
    ['no prompt', ['--label-words', words], 2, 'wrong-usage'],
    ['no rows', [...HOW, '--rows', '0'], 2, 'wrong-usage'],
    ['examples that are no number', [...HOW, '--shots', '1.5'], 2, 'wrong-usage'],
    ['an option of another task', [...HOW, '--by', 'label'], 2, 'wrong-usage'],
    ['decoding where nothing is written', [...HOW, '--max-new-tokens', '3'], 2, 'wrong-usage'],
    ['a column that is missing', ['--label-words', words, '--prompt', '{{ review }}'], 1, 'column-missing'],
    ['examples that are not there', [...HOW, '--shots', '5'], 1, 'shots-missing'],
    ['a folder that is no evaluation', ['--resume', FIXTURES], 1, 'evaluation-missing'],
  ])('%s', async (_, args, expected, reason) => {
    const { code, stdout } = await run(node, [...ASKED, ...args]);
    expect(code).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: reason } });
  });
});
