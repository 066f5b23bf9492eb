import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { deleteFolder, tidy, writeFolder } from '../../../../src/training/run/folders.ts';
import { appendLines, cutLines } from '../../../../src/folders/lines.ts';
import { namesIn, scratch } from './runFolder.ts';

const fileOf = (folder: string): string => readFileSync(path.join(folder, 'file'), 'utf8');
const filled =
  (content: string) =>
  async (folder: string): Promise<void> =>
    writeFileSync(path.join(folder, 'file'), content);

describe('lines', () => {
  const lines = (...steps: number[]): string => steps.map(step => `{"step":${step}}\n`).join('');

  test.each([
    ['up to a step', lines(1, 2, 3, 4), lines(1, 2)],
    ['a torn last line', `${lines(1)}{"st`, lines(1)],
    ['a last line without its end', `${lines(1)}{"step":2}`, lines(1)],
    ['a line that is no JSON, and what follows', `${lines(1)}{{\n${lines(2)}`, lines(1)],
    ['nothing', lines(1, 2), lines(1, 2)],
    ['all', lines(3), ''],
    ['of an empty file', '', ''],
  ])('cuts %s', async (what, before, after) => {
    const file = path.join(scratch, `${what}.jsonl`);
    writeFileSync(file, before);
    await cutLines<{ step: number }>(file, ({ step }) => step <= 2);
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  test('there may be no file to cut', async () => {
    await expect(cutLines(path.join(scratch, 'none.jsonl'), () => true)).resolves.toBeUndefined();
  });

  test('lines are appended', async () => {
    const file = path.join(scratch, 'appended.jsonl');
    await appendLines(file, [{ step: 1 }]);
    await appendLines(file, []);
    await appendLines(file, [{ step: 2 }, { step: 3 }]);
    expect(readFileSync(file, 'utf8')).toBe(lines(1, 2, 3));
  });
});

describe('folders', () => {
  test('one is written whole, in the place of an old one', async () => {
    const parent = path.join(scratch, 'replaced');
    await writeFolder(path.join(parent, 'model'), filled('old'));
    await writeFolder(path.join(parent, 'model'), filled('new'));
    expect(fileOf(path.join(parent, 'model'))).toBe('new');
    expect(namesIn(parent)).toEqual(['model']);
  });

  test('a failure leaves the old one, and nothing else', async () => {
    const parent = path.join(scratch, 'failed');
    await writeFolder(path.join(parent, 'model'), filled('old'));
    const failing = writeFolder(path.join(parent, 'model'), async folder => {
      await filled('half')(folder);
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(fileOf(path.join(parent, 'model'))).toBe('old');
    expect(namesIn(parent)).toEqual(['model']);
  });

  test('one is deleted, and need not be there', async () => {
    const parent = path.join(scratch, 'deleted');
    await writeFolder(path.join(parent, 'model'), filled('old'));
    await deleteFolder(path.join(parent, 'model'));
    await deleteFolder(path.join(parent, 'model'));
    expect(namesIn(parent)).toEqual([]);
  });

  // As a trainer that is killed leaves them: in the middle of writing, between the two renames, in the middle of deleting.
  test.each([
    ['while it was written', { '.model.writing': 'half', model: 'old' }, { model: 'old' }],
    ['before the new one had its name', { '.model.writing': 'new', '.model.replaced': 'old' }, { model: 'old' }],
    ['before the old one was deleted', { '.model.replaced': 'old', model: 'new' }, { model: 'new' }],
    ['while one was deleted', { '.step-000001.leaving': 'old', 'step-000002': 'new' }, { 'step-000002': 'new' }],
    ['with folders of others', { '.git': 'kept', model: 'old' }, { '.git': 'kept', model: 'old' }],
  ])('what was left %s is cleared away', async (when, before, after) => {
    const parent = path.join(scratch, `left ${when}`);
    for (const [name, content] of Object.entries(before)) {
      mkdirSync(path.join(parent, name), { recursive: true });
      await filled(content)(path.join(parent, name));
    }
    await tidy(parent);
    const contents = namesIn(parent).map(name => [name, fileOf(path.join(parent, name))]);
    expect(Object.fromEntries(contents)).toEqual(after);
  });
});
