import { expect, test } from 'vitest';
import { evaluationFieldProblems } from '../../../../src/protocol/evaluation/fieldCheck.ts';

const PROMPT = { prompt: '{{ text }}:', labelWords: { a: ' a', b: [' b', ' c'] } };
const asked = { task: 'prompt', dataset: { file: 'rows.tsv' }, prompt: PROMPT };

test.each<readonly [string, unknown]>([
  ['a prompt', asked],
  ['a classifier', { task: 'classifier', models: ['starter'], dataset: { file: 'a.csv' }, part: 'test', rows: 10 }],
  [
    'responses',
    { task: 'generate', dataset: { file: 'a' }, generate: { decoding: { decoding: 'greedy', maxNewTokens: 9 } } },
  ],
  ['a judge', { task: 'judge', dataset: { file: 'a' }, judge: { judge: { kind: 'ollama', model: 'llama3' } } }],
  ['a comparison', { task: 'compare', dataset: { file: 'a' }, compare: { checks: [{ startsWith: 'A' }] } }],
])('%s can be asked', (_, request) => {
  expect(evaluationFieldProblems(request)).toEqual([]);
});

test.each<readonly [string, unknown, string, RegExp]>([
  ['no object', 'prompt', 'evaluation-invalid', /JSON object/],
  ['no task', { dataset: { file: 'a' } }, 'evaluation-missing', /^task is missing/],
  ['no file', { task: 'classifier', dataset: {} }, 'evaluation-missing', /^dataset\.file is missing/],
  ['a task that is none', { ...asked, task: 'guess' }, 'evaluation-invalid', /^task is "guess"/],
  ['no label words', { ...asked, prompt: { prompt: 'x' } }, 'evaluation-missing', /^prompt\.labelWords/],
  [
    'words that are numbers',
    { ...asked, prompt: { ...PROMPT, labelWords: { a: 1 } } },
    'evaluation-invalid',
    /labelWords/,
  ],
  ['a field of no section', { ...asked, prompt: { ...PROMPT, shot: 3 } }, 'evaluation-unknown', /^prompt\.shot is 3/],
  ['no rows', { ...asked, rows: 0 }, 'evaluation-invalid', /^rows is 0/],
  ['the section of another task', { ...asked, probe: {} }, 'evaluation-unused', /^probe/],
  [
    'a judge of no kind',
    { task: 'judge', dataset: { file: 'a' }, judge: { judge: { kind: 'me', model: 'x' } } },
    'evaluation-invalid',
    /^judge\.judge/,
  ],
  [
    'a judge of a comparison that is asked nothing at once',
    {
      task: 'compare',
      dataset: { file: 'a' },
      compare: { judge: { judge: { kind: 'ollama', model: 'x' }, concurrency: 0 } },
    },
    'evaluation-invalid',
    /^compare\.judge\.concurrency is 0/,
  ],
  [
    'a judge of a comparison without a name',
    { task: 'compare', dataset: { file: 'a' }, compare: { judge: { retries: 1 } } },
    'evaluation-missing',
    /^compare\.judge\.judge/,
  ],
  [
    'decoding of a comparison that is none',
    {
      task: 'compare',
      dataset: { file: 'a' },
      compare: { generate: { decoding: { decoding: 'greedy', maxNewTokens: 0 } } },
    },
    'setting-invalid',
    /^compare\.generate\.decoding\.maxNewTokens/,
  ],
  [
    'decoding that is none',
    { task: 'generate', dataset: { file: 'a' }, generate: { decoding: { decoding: 'beam', maxNewTokens: 9 } } },
    'setting-missing',
    /^generate\.decoding\.beams/,
  ],
])('%s is told', (_, request, code, message) => {
  const [problem] = evaluationFieldProblems(request);
  expect(problem?.reason).toMatchObject({
    code: expect.stringMatching(new RegExp(`${code}$`)),
    message: expect.stringMatching(message),
  });
});
