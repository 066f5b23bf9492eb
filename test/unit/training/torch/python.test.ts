import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findPython } from '../../../../src/training/torch/python.ts';

const torchPackage = path.resolve('python');
const before = process.env['LM_LAB_PYTHON'];
afterEach(() => {
  if (before === undefined) delete process.env['LM_LAB_PYTHON'];
  else process.env['LM_LAB_PYTHON'] = before;
});

const NOT_PYTHON = process.platform === 'win32' ? process.execPath : '/bin/cat';

it.each<[what: string, asked: string | null, setting: string | undefined, code: string, told: string]>([
  ['a path that a run gives', './none/python', NOT_PYTHON, 'python-missing', path.resolve('/runs/one/none/python')],
  ['a command that a run gives', 'no-such-python', undefined, 'python-missing', 'no-such-python'],
  ['the setting', null, '/none/of/python', 'python-missing', '/none/of/python'],
  ['a program that is no Python', NOT_PYTHON, undefined, 'python-unusable', NOT_PYTHON],
])('without a Python that trains: %s', async (_, asked, setting, code, told) => {
  if (setting === undefined) delete process.env['LM_LAB_PYTHON'];
  else process.env['LM_LAB_PYTHON'] = setting;
  await expect(findPython({ asked, folder: '/runs/one', torchPackage })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(told),
    remedy: expect.stringContaining('Create Python Environment'),
  });
});
