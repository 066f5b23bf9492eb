import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { attempts } from '../../../src/engine/attempts.ts';
import { fileError } from '../../../src/models/files.ts';
import { Reasoned } from '../../../src/protocol/result.ts';

const missing = (): Promise<string> =>
  readFile('no such file', 'utf8').catch((error: unknown) => Promise.reject(fileError(error, 'no such file')));
const wrapped = (): Promise<never> =>
  Promise.reject(new Reasoned('graph-broken', 'It failed.', 'Mend it.', { cause: new TypeError('x is no function') }));

const repeated = (): Promise<never> =>
  Promise.reject(new Reasoned('json-invalid', 'No JSON: it ends.', 'Mend it.', { cause: new Error('it ends') }));

test.each<[string, () => Promise<unknown>, string, RegExp | undefined]>([
  ['what the system refused is all in its reason', missing, 'file-missing', undefined],
  ['what a reason leaves out is in the log', wrapped, 'graph-broken', /^graph-broken: x is no function$/],
  ['a cause that the reason repeats is not told twice', repeated, 'json-invalid', undefined],
  [
    'what nobody foresaw is in the log with its place',
    () => Promise.reject(new RangeError('odd')),
    'unexpected',
    /odd/,
  ],
])('%s', async (_, work, code, logged) => {
  const log: string[] = [];
  expect(await attempts(line => log.push(line))(work)).toMatchObject({ ok: false, error: { code } });
  expect(log).toHaveLength(logged ? 1 : 0);
  if (logged) expect(log[0]).toMatch(logged);
});
