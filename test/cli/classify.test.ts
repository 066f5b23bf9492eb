import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODES, run, scratch } from './run.ts';

const FIXTURES = path.resolve('test/parity/classify/fixtures');
const model = (name: string): string => path.join(FIXTURES, name);
const { texts, labels, cases } = JSON.parse(readFileSync(model('expected.json'), 'utf8')) as {
  texts: string[];
  labels: string[];
  cases: Record<string, Array<{ evolution: number[][] }>>;
};
/** What transformers says of a text. */
const wanted = (name: string, text: number): number[] => cases[name]?.[text]?.evolution.at(-1) as number[];
const best = (probabilities: number[]): string => labels[probabilities.indexOf(Math.max(...probabilities))] as string;

describe.each(NODES)('%s', node => {
  async function json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await run(node, [...args, '--device', 'cpu', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    return JSON.parse(stdout) as T;
  }

  it.each(['last', 'adapter'])('classify: label and probabilities of transformers and PEFT (%s)', async name => {
    const args = ['classify', '--model', model(name), '--text', texts[0] as string];
    const found = await json<{ label: string; probabilities: Record<string, number> }>(args);
    expect(found.label).toBe(best(wanted(name, 0)));
    for (const [at, probability] of wanted(name, 0).entries())
      expect(found.probabilities[labels[at] as string]).toBeCloseTo(probability, 4);
  });

  it('a classifier that is asked about tokens is said to be one', async () => {
    const { code, stdout, stderr } = await run(node, ['next', '--model', model('adapter'), '--text', 'The movie']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/%/);
    expect(stderr).toContain(`is a classifier (${labels.join(', ')}): it was trained to label texts`);
  });

  it('evaluate --task classifier: over a dataset file with roles', async () => {
    const file = path.join(scratch, 'rated.csv');
    // The first and the second row with the label that the model gives them, the fourth with another.
    const given = [
      best(wanted('last', 0)),
      best(wanted('last', 1)),
      labels.find(label => label !== best(wanted('last', 3))),
    ];
    const rows = [texts[0], texts[1], texts[3]].map((text, at) => `"${text}",${given[at]}`);
    writeFileSync(file, `text,label\n${rows.join('\n')}\n`);
    const args = ['evaluate', '--task', 'classifier', '--model', model('last'), '--file', file];
    const report = await json<{
      accuracy: number;
      confusion: { labels: string[]; counts: number[][] };
      classes: Array<{ label: string; support: number }>;
      rows: Array<{ row: number; label: string; predicted: string; scores: Record<string, number> }>;
    }>(args);
    expect(report.accuracy).toBeCloseTo(2 / 3);
    expect(report.confusion.labels).toEqual(labels);
    expect(report.confusion.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(report.classes.map(({ support }) => support).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(report.rows.map(({ row, predicted }) => [row, predicted])).toEqual(
      [0, 1, 3].map((text, row) => [row, best(wanted('last', text))]),
    );
    expect(report.rows[0]?.scores[labels[1] as string]).toBeCloseTo(wanted('last', 0)[1] as number, 4);
  });

  it('export --merge: one model of an adapter and its base, which says the same', async () => {
    const out = path.join(scratch, `merged-${NODES.indexOf(node)}`);
    const given = ['export', '--model', model('adapter'), '--format', 'safetensors', '--out', out, '--merge', '--json'];
    const { code, stdout } = await run(node, given);
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout) as { files: string[] };
    expect(files.map(file => path.basename(file))).toEqual(['tokenizer.json', 'config.json', 'model.safetensors']);
    const args = ['classify', '--model', out, '--text', texts[3] as string];
    const { probabilities } = await json<{ probabilities: Record<string, number> }>(args);
    for (const [at, probability] of wanted('adapter', 3).entries())
      expect(probabilities[labels[at] as string]).toBeCloseTo(probability, 4);
  });

  it.each<readonly [string, readonly string[], number, string]>([
    ['a model that is none', ['classify', '--model', 'starter', '--text', 'a'], 1, 'not-a-classifier'],
    ['no text', ['classify', '--model', model('last'), '--text', ''], 1, 'text-empty'],
    ['a task that is none', ['evaluate', '--task', 'guess', '--file', 'a.csv'], 2, 'wrong-usage'],
    ['no file', ['evaluate', '--task', 'classifier', '--model', model('last')], 2, 'wrong-usage'],
    [
      'labels of something else',
      ['evaluate', '--task', 'classifier', '--model', model('last'), '--file', 'samples/sms-spam.tsv'],
      1,
      'label-unknown',
    ],
    [
      'scoring without a head for tokens',
      ['score', '--model', model('untied'), '--text', 'The movie'],
      1,
      'token-head-missing',
    ],
    ['export without a folder', ['export', '--format', 'onnx'], 2, 'wrong-usage'],
    [
      'export where files are',
      ['export', '--model', model('last'), '--format', 'onnx', '--out', FIXTURES],
      1,
      'folder-not-empty',
    ],
  ])('%s', async (_, args, expected, reason) => {
    const { code, stdout } = await run(node, [...args, '--json']);
    expect(code).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: reason } });
  });
});
