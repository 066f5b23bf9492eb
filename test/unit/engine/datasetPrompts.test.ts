import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { DatasetRequest } from '../../../src/protocol/dataset.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { temporaryFolder } from '../data/setting.ts';
import { testEngine, TINY } from './testEngine.ts';

/** An engine, and requests about a file with these rows. */
async function setting(rows: readonly object[]) {
  const { engine } = await testEngine();
  const file = path.join(await temporaryFolder(), 'rows.jsonl');
  await writeFile(file, rows.map(row => `${JSON.stringify(row)}\n`).join(''));
  const request = (dataset: Partial<DatasetRequest['dataset']> = {}): DatasetRequest => ({
    model: TINY,
    dataset: { ...dataset, file },
  });
  return { engine, request };
}

describe('prompts', () => {
  const INSTRUCTION = { instruction: 'Say it.', output: 'It.' };
  const asked = '\n\nHuman: A?\n\nAssistant:';
  test.each<[string, readonly object[], Partial<DatasetRequest['dataset']>, readonly (string | RegExp)[]]>([
    ['of a prompt', [{ prompt: 'a' }, { prompt: ' ' }, { prompt: 'c' }], {}, ['a', /is empty/, 'c']],
    ['by a template', [INSTRUCTION], { template: 'question-answer' }, ['### Question: Say it.\n### Answer: ']],
    ['by Jinja over any column', [{ word: 'x' }], { template: 'Spell {{ word }}:' }, ['Spell x:']],
    ['of texts with labels', [{ text: 'a', label: 'x' }], {}, ['a']],
    ['that answers go on from', [{ chosen: `${asked} b`, rejected: `${asked} c` }], {}, [asked]],
  ])('%s', async (_, rows, dataset, expected) => {
    const { engine, request } = await setting(rows);
    const all = rows.map((_, row) => row);
    const { total, prompts } = await valueOf(
      engine.datasetPrompts({ dataset: request(dataset), rows: [...all, rows.length] }),
    );
    expect(total).toBe(rows.length);
    expect(prompts.map(({ row }) => row)).toEqual(all);
    for (const [at, prompt] of prompts.entries()) {
      const one = expected[at] as string | RegExp;
      if ('prompt' in prompt) expect(prompt.prompt).toBe(one);
      else expect(prompt.leftOut).toMatch(one);
    }
  });

  it('are refused where no column is one', async () => {
    const { engine, request } = await setting([
      { a: 1.5, b: 2 },
      { a: 2.5, b: 3 },
    ]);
    expect(await engine.datasetPrompts({ dataset: request(), rows: [0] })).toMatchObject({
      ok: false,
      error: { code: 'column-missing', message: expect.stringMatching(/none of a, b is known to be a prompt/) },
    });
  });
});
