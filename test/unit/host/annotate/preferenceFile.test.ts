import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, test } from 'vitest';
import { PreferenceFile } from '../../../../src/host/annotate/preferenceFile.ts';
import { temporaryFolder } from '../../data/setting.ts';

const judgement = (prompt: string) => ({ prompt, responses: [' a', ' b'] });
const line = (prompt: string): string => `${JSON.stringify(judgement(prompt))}\n`;

async function fileWith(content?: string) {
  const file = path.join(await temporaryFolder(), 'made.preferences.jsonl');
  if (content !== undefined) await writeFile(file, content);
  return { file, text: () => readFile(file, 'utf8') };
}

it('is made with the first judgement, and holds each as a line', async () => {
  const { file, text } = await fileWith();
  const made = await PreferenceFile.open(file);
  await expect(text()).rejects.toMatchObject({ code: 'ENOENT' });
  await made.append(judgement('é'));
  await made.append(judgement('two'));
  expect(await text()).toBe(line('é') + line('two'));
  expect((await PreferenceFile.open(file)).judgements).toEqual([judgement('é'), judgement('two')]);
});

test.each<[string, string, string[], string]>([
  ['others', line('0'), ['0'], line('0') + line('new')],
  ['blank lines', `\n${line('0')}\n`, ['0'], `\n${line('0')}\n${line('new')}`],
  ['a last line without its end', line('0').trimEnd(), ['0'], line('0') + line('new')],
  ['a last line that a crash cut off', `${line('0')}{"prompt":"1","resp`, ['0'], line('0') + line('new')],
  ['nothing but a line that was cut off', '{"pro', [], line('new')],
])('goes on after %s', async (_, before, prompts, after) => {
  const { file, text } = await fileWith(before);
  const made = await PreferenceFile.open(file);
  expect(made.judgements.map(({ prompt }) => prompt)).toEqual(prompts);
  await made.append(judgement('new'));
  expect(await text()).toBe(after);
});

it('takes back the last one', async () => {
  const { file, text } = await fileWith(line('é'));
  const made = await PreferenceFile.open(file);
  await made.append(judgement('two'));
  expect((await made.undo())?.prompt).toBe('two');
  expect(await text()).toBe(line('é'));
  expect((await made.undo())?.prompt).toBe('é');
  expect(await made.undo()).toBeUndefined();
  await made.append(judgement('three'));
  expect(await text()).toBe(line('three'));
});

it('keeps what somebody else wrote meanwhile, and begins anew where the file is gone', async () => {
  const { file, text } = await fileWith();
  const made = await PreferenceFile.open(file);
  await made.append(judgement('one'));
  await writeFile(file, line('one') + line('theirs'));
  await made.append(judgement('two'));
  expect(await text()).toBe(line('one') + line('theirs') + line('two'));
  await writeFile(file, '');
  await made.append(judgement('three'));
  expect(await text()).toBe(line('three'));
});

test.each([
  ['pairs', '{"instruction":"a","chosen":"b","rejected":"c"}\n', /line 1 has instruction, chosen, rejected, and/],
  ['text', 'Just some text\n', /line 1 is no JSON object/],
  ['another line further down', `${line('0')}{"prompt":1}\n${line('1')}`, /line 2 has prompt/],
  ['a line of text at the end', `${line('0')}no JSON`, /line 2 is no JSON object/],
])('a file of %s is refused, and left as it is', async (_, content, message) => {
  const { file, text } = await fileWith(content);
  await expect(PreferenceFile.open(file)).rejects.toMatchObject({
    code: 'preferences-other-columns',
    message: expect.stringMatching(message),
  });
  expect(await text()).toBe(content);
});

it('what can’t be written is told, and nothing is taken for kept', async () => {
  const { file } = await fileWith();
  await mkdir(file);
  await expect(PreferenceFile.open(file)).rejects.toMatchObject({ code: 'preferences-unwritable' });
  const gone = await PreferenceFile.open(path.join(path.dirname(file), 'no-such-folder', 'made.jsonl'));
  await expect(gone.append(judgement('one'))).rejects.toMatchObject({ code: 'preferences-unwritable' });
  expect(gone.judgements).toEqual([]);
});

it.skipIf(process.getuid?.() === 0)('a file that may only be read takes no judgement', async () => {
  const { file } = await fileWith(line('0'));
  await chmod(file, 0o444);
  const made = await PreferenceFile.open(file);
  await expect(made.append(judgement('one'))).rejects.toMatchObject({ code: 'preferences-unwritable' });
});
