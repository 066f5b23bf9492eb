import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTensors, readFloat32, readHeader, writeSafetensors } from '../../../src/models/safetensors.ts';
import { fixture, reason, temporaryFolder } from './temporary.ts';

/** A file as the format describes it: length, header, data. */
function fileOf(header: unknown, dataBytes: number, claimedLength?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimedLength ?? BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

const tensor = (dtype: string, shape: unknown, data_offsets: unknown) => ({ dtype, shape, data_offsets });

describe('a header that cannot be trusted is refused, with its tensor and its values', () => {
  test.each([
    ['an empty file', Buffer.alloc(0), 'weights-truncated', /0 bytes/],
    ['a header longer than the file', fileOf('{}', 0, 500n), 'weights-truncated', /byte 508/],
    ['an absurd header', fileOf('{}', 0, 2305843009213694000n), 'weights-corrupt', /claims 2305843009213694000 bytes/],
    ['no JSON', fileOf('{"a":', 0), 'weights-corrupt', /not JSON/],
    ['no UTF-8', Buffer.concat([fileOf('', 0, 4n), Buffer.from([0x22, 0xff, 0xfe, 0x22])]), 'weights-corrupt', /JSON/],
    ['an array', fileOf('[]', 0), 'weights-corrupt', /not a JSON object/],
    ['a null tensor', fileOf({ a: null }, 0), 'weights-corrupt', /"a" has no description/],
    ['an unknown dtype', fileOf({ a: tensor('F12', [1], [0, 4]) }, 4), 'weights-corrupt', /"a".*"F12"/],
    ['a negative size', fileOf({ a: tensor('F32', [-1], [0, 4]) }, 4), 'weights-corrupt', /"a".*\[-1\]/],
    ['a shape of text', fileOf({ a: tensor('F32', ['x'], [0, 4]) }, 4), 'weights-corrupt', /"a".*\["x"\]/],
    ['one offset', fileOf({ a: tensor('F32', [1], [4]) }, 4), 'weights-corrupt', /"a".*\[4\]/],
    ['a shape that is not the range', fileOf({ a: tensor('F32', [2, 3], [0, 20]) }, 20), 'weights-corrupt', /24 bytes/],
    [
      'a shape that overflows',
      fileOf({ a: tensor('F32', [2 ** 40, 2 ** 40], [0, 8]) }, 8),
      'weights-corrupt',
      /"a" is F32 \[1099511627776, 1099511627776\]/,
    ],
    [
      'data beyond the end',
      fileOf({ a: tensor('F32', [2], [0, 8]), b: tensor('F32', [2], [8, 16]) }, 12),
      'weights-truncated',
      /"b"/,
    ],
    [
      'an overlap',
      fileOf({ a: tensor('F32', [2], [0, 8]), b: tensor('F32', [2], [4, 12]) }, 12),
      'weights-corrupt',
      /"b" starts at data byte 4, inside/,
    ],
    [
      'a gap',
      fileOf({ a: tensor('F32', [1], [0, 4]), b: tensor('F32', [1], [8, 12]) }, 12),
      'weights-corrupt',
      /"b" starts at data byte 8, after a gap/,
    ],
    ['bytes that nothing describes', fileOf({ a: tensor('F32', [1], [0, 4]) }, 8), 'weights-corrupt', /end at byte/],
  ])('%s', async (_, bytes, code, message) => {
    const file = join(await temporaryFolder(), 'model.safetensors');
    await writeFile(file, bytes);
    await expect(readHeader(file)).rejects.toMatchObject(reason(code, message));
    await expect(readHeader(file)).rejects.toThrow(file);
  });

  test('a file that is not there', async () => {
    const file = join(await temporaryFolder(), 'absent.safetensors');
    await expect(readHeader(file)).rejects.toMatchObject({ code: 'file-missing' });
  });
});

describe('values', () => {
  test.each(['f16', 'bf16'])('%s is widened bit for bit as torch does', async name => {
    const tensors = await readHeader(fixture('halves.safetensors'));
    const got = await readFloat32(tensors.get(name)!);
    const expected = await readFloat32(tensors.get(`${name}.widened`)!);
    expect(got.length).toBeGreaterThan(5000);
    // Object.is per value: NaN equals NaN, and -0 is not 0.
    expect(got.findIndex((value, i) => !Object.is(value, expected[i]))).toBe(-1);
  });

  test('other element types are refused by name', async () => {
    const file = join(await temporaryFolder(), 'x.safetensors');
    await writeSafetensors(file, [{ name: 'mask', dtype: 'U8', shape: [2], data: new Uint8Array(2) }]);
    const location = (await readHeader(file)).get('mask')!;
    await expect(readFloat32(location)).rejects.toMatchObject(reason('dtype-unsupported', /"mask" is U8/));
  });

  test('a cancelled read ends with the cancel', async () => {
    const location = (await readHeader(fixture('halves.safetensors'))).get('f16')!;
    await expect(readFloat32(location, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('writing', () => {
  test('what is written is read again, aligned, with nothing left beside it', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'deep', 'model.safetensors');
    await writeSafetensors(
      file,
      [
        { name: 'byte', dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 3]) },
        { name: 'scalar', dtype: 'F32', shape: [], data: new Float32Array([2.5]) },
        { name: 'empty', dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
        { name: '__proto__', dtype: 'F32', shape: [1, 2], data: new Float32Array([-1, 1e30]) },
      ],
      { format: 'pt' },
    );
    const tensors = await readHeader(file);
    expect([...tensors.keys()].sort()).toEqual(['__proto__', 'byte', 'empty', 'scalar']);
    expect(await readFloat32(tensors.get('scalar')!)).toEqual(new Float32Array([2.5]));
    expect(await readFloat32(tensors.get('__proto__')!)).toEqual(new Float32Array([-1, 1e30]));
    expect(tensors.get('scalar')!.offset % 4).toBe(0);
    expect(await readdir(join(folder, 'deep'))).toEqual(['model.safetensors']);
  });

  test('a tensor whose bytes are not its shape fails and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const bad = { name: 'w', dtype: 'F32', shape: [2], data: new Float32Array(3) } as const;
    await expect(writeSafetensors(join(folder, 'm.safetensors'), [bad])).rejects.toMatchObject(
      reason('tensor-misshapen', /"w" is F32 \[2\], 8 bytes, but 12 bytes/),
    );
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the tensors of a folder', () => {
  const one = (name: string) => [{ name, dtype: 'F32', shape: [1], data: new Float32Array(1) }] as const;

  async function sharded(weight_map: unknown): Promise<string> {
    const folder = await temporaryFolder();
    await writeSafetensors(join(folder, 'model-1.safetensors'), one('a'));
    await writeSafetensors(join(folder, 'model-2.safetensors'), one('b'));
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map }));
    return folder;
  }

  test('links are resolved, as in the hub cache', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'blobs'));
    await mkdir(join(folder, 'snapshot'));
    await writeSafetensors(join(folder, 'blobs', 'hash'), one('a'));
    await symlink('../blobs/hash', join(folder, 'snapshot', 'model.safetensors'));
    const tensors = await openTensors(join(folder, 'snapshot'));
    expect(tensors.get('a')!.file).toBe(join(folder, 'blobs', 'hash'));
  });

  test('shards are joined by their index', async () => {
    const folder = await sharded({ a: 'model-1.safetensors', b: 'model-2.safetensors' });
    const tensors = await openTensors(folder);
    expect(tensors.get('b')!.file).toBe(join(folder, 'model-2.safetensors'));
    expect(tensors.size).toBe(2);
  });

  test.each([
    [{ a: 'model-1.safetensors', b: 'model-3.safetensors' }, 'shard-missing', /"model-3.safetensors"/],
    [{ a: 'model-2.safetensors' }, 'weights-corrupt', /"a" should be in "model-2.safetensors"/],
    [{ a: '../outside.safetensors' }, 'weights-corrupt', /"..\/outside.safetensors"/],
    [{ a: '..\\outside.safetensors' }, 'weights-corrupt', /outside/],
    [{ a: '/etc/passwd' }, 'weights-corrupt', /"\/etc\/passwd"/],
    [{ a: 7 }, 'weights-corrupt', /7/],
    [undefined, 'weights-corrupt', /no weight_map/],
  ])('an index %j is refused', async (map, code, message) => {
    await expect(openTensors(await sharded(map))).rejects.toMatchObject(reason(code, message));
  });

  test('a folder without weights says what was looked for', async () => {
    await expect(openTensors(await temporaryFolder())).rejects.toMatchObject(
      reason('weights-missing', /model\.safetensors.*model\.safetensors\.index\.json/),
    );
  });
});
