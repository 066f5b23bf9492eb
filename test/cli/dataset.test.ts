import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test, vi } from 'vitest';
import { NODES, run, scratch } from './run.ts';

vi.setConfig({ testTimeout: 60_000 });

const SMS = path.resolve('samples/sms-spam.tsv');

describe.each(NODES)('%s', node => {
  async function json(args: readonly string[], input = ''): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await run(node, ['dataset', ...args, '--json'], input);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it('tells rows, columns, roles, tokens, classes and problems', async () => {
    const answer = await json([SMS]);
    expect(answer).toMatchObject({
      rows: 5574,
      columns: [
        { name: 'column1', kind: 'label', distinct: 2, missing: 0 },
        { name: 'column2', kind: 'text', missing: 0 },
      ],
      roles: { label: 'column1', text: 'column2' },
      steps: [],
      tokens: { mean: expect.closeTo(22.8, 1), p95: 52, max: 257 },
      classes: [
        { label: 'ham', count: 4827 },
        { label: 'spam', count: 747 },
      ],
    });
    expect((answer['problems'] as object[])[0]).toMatchObject({ row: expect.any(Number), message: expect.any(String) });
  });

  it('applies steps, from a file and from standard input', async () => {
    const steps = JSON.stringify([{ filter: 'label == "spam"' }, { take: 100 }]);
    const file = path.join(scratch, 'steps.json');
    writeFileSync(file, steps);
    for (const answer of [await json([SMS, '--steps', file]), await json([SMS, '--steps', '-'], steps)])
      expect(answer).toMatchObject({
        rows: 5574,
        steps: [
          { step: 'filter label == "spam"', rows: 747 },
          { step: 'take 100', rows: 100 },
        ],
        classes: [{ label: 'spam', count: 100 }],
      });
  });

  it('lengths are those of the template', async () => {
    const samples = path.resolve('samples/instruction-data.json');
    const [alpaca, none] = [await json([samples]), await json([samples, '--template', 'none'])];
    expect((alpaca['tokens'] as { mean: number }).mean).toBeGreaterThan((none['tokens'] as { mean: number }).mean + 25);
  });

  it('columns and header as they are given', async () => {
    const answer = await json([SMS, '--header', '--method', 'lm', '--column', 'text=ham']);
    expect(answer).toMatchObject({ rows: 5573, header: true, roles: { text: 'ham' } });
  });

  it('for a person', async () => {
    const { code, stdout } = await run(node, ['dataset', SMS]);
    expect(code).toBe(0);
    expect(stdout).toContain('5574 rows (tsv, utf-8, separator "\\t", no header)');
    expect(stdout).toContain('classes: ham 4827, spam 747');
  });

  test.each<[string, string[], string, number, string]>([
    ['a file that is not there', ['no.tsv'], '', 1, 'file-missing'],
    ['a file of another kind', ['LICENSE'], '', 1, 'dataset-format-unknown'],
    ['steps that are no JSON', [SMS, '--steps', '-'], '[{', 1, 'steps-not-json'],
    ['steps that are none', [SMS, '--steps', '-'], '[{"drop": 3}]', 1, 'run-invalid'],
    ['a step that fails', [SMS, '--steps', '-'], '[{"filter": "label =="}]', 1, 'template-syntax'],
    ['a template of a missing column', [SMS, '--template', '{{ txt }}'], '', 1, 'column-missing'],
    ['a column without a role', [SMS, '--column', 'text'], '', 2, 'wrong-usage'],
  ])('refuses %s', async (_, args, input, code, reason) => {
    const outcome = await run(node, ['dataset', ...args, '--json'], input);
    expect(outcome.code).toBe(code);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ error: { code: reason } });
  });
});
