import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, readlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Progress } from '../../../src/protocol/engine.ts';
import { convertPytorch, deleteConversion } from '../../../src/models/pytorch/convert.ts';
import { unpickle } from '../../../src/models/pytorch/unpickle.ts';
import { openTensors, readHeader } from '../../../src/models/safetensors.ts';
import { fixture, reason, temporaryFolder } from './temporary.ts';

const PYTORCH_BIN = fixture('pytorch/pytorch_model.bin');
/** What this process has open, where the system tells (Linux). */
const OPEN_FILES = '/proc/self/fd';

/** Every tensor's type, shape and bytes. */
async function content(file: string) {
  const bytes = await readFile(file);
  return Object.fromEntries(
    [...(await readHeader(file)).values()].map(({ name, dtype, shape, offset, sizeBytes }) => [
      name,
      { dtype, shape, bytes: bytes.subarray(offset, offset + sizeBytes).toString('hex') },
    ]),
  );
}

describe('pytorch_model.bin', () => {
  test('is converted to the bytes that safetensors for Python writes', async () => {
    const progress: Progress[] = [];
    const home = await temporaryFolder();
    const file = await convertPytorch(PYTORCH_BIN, { home, onProgress: report => progress.push(report) });
    expect(await content(file)).toEqual(await content(fixture('pytorch.safetensors')));
    expect(progress.at(-1)).toMatchObject({ unit: 'bytes', done: progress.at(-1)?.total });
  });

  test('is converted once for each version of the file', async () => {
    const [home, folder] = [await temporaryFolder(), await temporaryFolder()];
    await copyFile(PYTORCH_BIN, join(folder, 'pytorch_model.bin'));
    const [first] = [...(await openTensors(folder, { home })).values()];
    const onProgress = () => expect.unreachable('converted again');
    expect([...(await openTensors(folder, { home, onProgress })).values()][0]).toEqual(first);
    await copyFile(PYTORCH_BIN, join(folder, 'pytorch_model.bin'));
    await openTensors(folder, { home });
    expect(await readdir(join(home, 'converted'))).toHaveLength(2);
  });

  test('is left alone when the conversion is cancelled', async () => {
    const home = await temporaryFolder();
    const cancelledCall = convertPytorch(PYTORCH_BIN, { home, signal: AbortSignal.abort() });
    await expect(cancelledCall).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(home, { recursive: true })).not.toContainEqual(expect.stringContaining('safetensors'));
  });

  test.each([
    ['malicious.bin', 'pickle-refused', /"posix\.system"/],
    ['transposed.bin', 'pickle-refused', /"w" \[2, 3\] has the strides \[1, 2\]/],
    ['checkpoint.bin', 'pickle-refused', /"model" is not a tensor/],
    ['legacy.bin', 'pytorch-legacy', /before 1\.6/],
    ['halves.safetensors', 'pytorch-legacy', /before 1\.6/],
  ])('%s is refused', async (name, code, message) => {
    const home = await temporaryFolder();
    await expect(convertPytorch(fixture(name), { home })).rejects.toMatchObject(reason(code, message));
    expect(await readdir(home)).toEqual([]);
  });

  test('a file that is cut short is refused', async () => {
    const file = join(await temporaryFolder(), 'pytorch_model.bin');
    await copyFile(PYTORCH_BIN, file);
    await truncate(file, 6000);
    await expect(convertPytorch(file, { home: await temporaryFolder() })).rejects.toMatchObject({
      code: 'weights-corrupt',
    });
  });

  test.runIf(existsSync(OPEN_FILES))('an archive without its pickle is refused, and is not left open', async () => {
    const file = join(await temporaryFolder(), 'pytorch_model.bin');
    const bytes = await readFile(PYTORCH_BIN, 'latin1');
    await writeFile(file, bytes.replaceAll('data.pkl', 'data.pkx'), 'latin1');
    await expect(convertPytorch(file)).rejects.toMatchObject(reason('weights-corrupt', /no data\.pkl/));
    const open = await Promise.all(
      (await readdir(OPEN_FILES)).map(name => readlink(join(OPEN_FILES, name)).catch(String)),
    );
    expect(open).not.toContain(file);
  });

  test('an empty file is refused', async () => {
    const file = join(await temporaryFolder(), 'pytorch_model.bin');
    await writeFile(file, '');
    await expect(convertPytorch(file)).rejects.toMatchObject({ code: 'pytorch-legacy' });
  });
});

describe('a pickle', () => {
  test.each([
    ['an opcode for classes', [0x80, 2, 0x81, 0x2e], /opcode 0x81/],
    ['an instance by name', [0x69, 0x2e], /opcode 0x69/],
    ['an empty stack', [0x52], /stack/],
    ['a call of a string', [0x8c, 1, 0x61, 0x29, 0x52, 0x2e], /calls something/],
    ['a value that was never kept', [0x68, 7, 0x2e], /never kept/],
    ['items on a number', [0x4b, 1, 0x4b, 1, 0x4b, 1, 0x73, 0x2e], /not a dictionary/],
    ['a missing mark', [0x4b, 1, 0x75, 0x2e], /mark/],
    ['text beyond the end', [0x58, 0xff, 0xff, 0xff, 0xff], /ends at byte 4294967300 of 5/],
    ['no end', [0x4e], /ends at byte 2 of 1/],
  ])('with %s is refused', (_, bytes, message) => {
    expect(() => unpickle(Uint8Array.from(bytes), new Set())).toThrow(message);
  });
});

test('a conversion that can’t be deleted is told with its place', async () => {
  const home = await temporaryFolder();
  await writeFile(join(home, 'converted'), 'no folder');
  const deleting = deleteConversion(dirname(PYTORCH_BIN), home);
  await expect(deleting).rejects.toMatchObject(reason('folder-expected', /converted/));
});
