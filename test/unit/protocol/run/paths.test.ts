import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { problemsOf } from '../../../../src/protocol/run/check.ts';
import { withPaths } from '../../../../src/protocol/run/paths.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';
import { requestOfText } from '../../../../src/protocol/run/text.ts';

const REQUEST: RunRequest = { method: 'ppo', model: 'starter', dataset: { file: 'a.tsv' } };
const at = (file: string): string => `/base/${file}`;

test('every path is replaced, and names are not', () => {
  const request: RunRequest = {
    ...REQUEST,
    model: './m',
    dataset: { file: 'a.tsv', split: { files: { validation: 'b.tsv', test: 'c.tsv' } } },
    dpo: { reference: './r' },
    ppo: { rewardModel: 'a-name' },
    torch: { python: 'python3', accelerateConfig: 'x.yaml' },
  };
  expect(withPaths(request, at)).toEqual({
    ...request,
    model: '/base/./m',
    dataset: { file: '/base/a.tsv', split: { files: { validation: '/base/b.tsv', test: '/base/c.tsv' } } },
    dpo: { reference: '/base/./r' },
    torch: { python: 'python3', accelerateConfig: '/base/x.yaml' },
  });
});

test('a field that is missing stays missing, and one that is null stays null', () => {
  const request: RunRequest = { ...REQUEST, ppo: { rewardRule: { label: true } }, dpo: { reference: null }, torch: {} };
  const { dpo, ppo, torch } = withPaths(request, at);
  expect([dpo, ppo, torch].map(section => Object.entries(section ?? {}))).toEqual([
    [['reference', null]],
    [['rewardRule', { label: true }]],
    [],
  ]);
});

const samples = new URL('../../../../samples', import.meta.url).pathname;

const requests = readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.run.json'));

test.each(requests)('%s may begin from any folder', name => {
  const file = path.join(samples, name);
  const request = requestOfText(readFileSync(file, 'utf8'), file);
  expect(problemsOf(withPaths(request, at))).toEqual([]);
});
