import { expect, it } from 'vitest';
import { modelProblems } from '../../../../src/host/fineTune/modelProblems.ts';
import type { ModelInfo } from '../../../../src/protocol/engine.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';

const REQUEST: RunRequest = { method: 'sft', model: 'gpt2', dataset: { file: 'a.json' } };
const entry = { id: 'gpt2', contextLength: 1024 } as ModelInfo['entry'];

it.each<readonly [string, Partial<RunRequest>, object, string | undefined, RegExp]>([
  ['as long as the context', { training: { maxLength: 1024 } }, {}, undefined, /^/],
  ['longer', { training: { maxLength: 1025 } }, {}, 'training.maxLength', /reads 1024 tokens at most/],
  ['filled up to more', { training: { padding: 2000 } }, {}, 'training.padding', /reads 1024 tokens at most/],
  ['all of its blocks', { trainable: { layers: { last: 12 } } }, {}, undefined, /^/],
  ['more blocks than it has', { trainable: { layers: { last: 13 } } }, {}, 'trainable.layers', /has 12 blocks/],
  ['a tied head alone', { trainable: { layers: 'head' } }, {}, 'trainable', /nothing would train/],
  ['an untied head alone', { trainable: { layers: 'head' } }, { tie_word_embeddings: false }, undefined, /^/],
  ['a head for labels', { method: 'classification', trainable: { layers: 'head' } }, {}, undefined, /^/],
])('%s', (_, changes, config, path, message) => {
  const [problem] = modelProblems({ ...REQUEST, ...changes }, { config: config as ModelInfo['config'], entry });
  expect(problem?.path).toBe(path);
  if (problem) expect(problem.reason.message).toMatch(message);
});
