import { expect, test } from 'vitest';
import type { EvaluationRequest } from '../../../../src/protocol/evaluation/request.ts';
import type { Precision } from '../../../../src/protocol/precision.ts';
import { shortName, whoOf } from '../../../../webview-ui/evaluation/about.ts';

const dataset = { file: 'rows.tsv' };

test.each<[string, EvaluationRequest, readonly Precision[] | undefined, readonly string[]]>([
  ['before it has begun', { task: 'prompt', models: ['starter'], dataset }, undefined, ['starter']],
  ['before, in what is asked', { task: 'probe', models: ['a'], precision: 'int4', dataset }, undefined, ['a int4']],
  ['as the model was chosen', { task: 'prompt', models: ['starter'], dataset }, ['int8'], ['starter int8']],
  [
    'each model in its own',
    { task: 'compare', models: ['a', './runs/b/model'], precisions: ['f32', 'bf16'], dataset },
    ['f32', 'bf16'],
    ['a f32', 'b/model bf16'],
  ],
  [
    'a judge, which is asked and not loaded',
    { task: 'judge', dataset, judge: { judge: { kind: 'ollama', model: 'llama3' }, columns: ['response'] } },
    [],
    ['response', 'by llama3'],
  ],
])('whose answers it is about: %s', (_, request, precisions, expected) => {
  expect(whoOf(request, precisions && { precisions }).map(shortName)).toEqual(expected);
});
