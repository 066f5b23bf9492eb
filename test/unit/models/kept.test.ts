import { existsSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { deletePrecisions, precisionsFolder, removeIfFree } from '../../../src/models/kept.ts';
import { temporaryFolder } from './temporary.ts';

vi.mock('node:fs/promises', async actual => {
  const { rm, ...others } = await actual<typeof files>();
  return { ...others, rm: vi.fn<typeof rm>(rm) };
});

const failing = (code: string): Error => Object.assign(new Error(code), { code });

test.each(['EBUSY', 'EPERM', 'EACCES'])('what can’t be deleted for %s stays', async code => {
  vi.mocked(files.rm).mockRejectedValueOnce(failing(code));
  await removeIfFree('/held');
});

test.each([
  ['EROFS', { code: 'file-not-permitted' }],
  ['EIO', { message: 'EIO' }],
])('that nothing can be deleted for %s is told', async (code, error) => {
  vi.mocked(files.rm).mockRejectedValueOnce(failing(code));
  await expect(removeIfFree('/held')).rejects.toMatchObject(error);
});

test('a model folder has the same place by a link and by its own path', async () => {
  const home = await temporaryFolder();
  const [own, link] = [join(home, 'own'), join(home, 'link')];
  await files.mkdir(own);
  await files.symlink(own, link, 'junction');
  const kept = await precisionsFolder(own, home);
  await files.mkdir(kept, { recursive: true });
  await deletePrecisions(link, home);
  expect(existsSync(kept)).toBe(false);
});
