import { expect, test } from 'vitest';
import { evaluationProblems } from '../../../../src/protocol/evaluation/check.ts';
import { estimateEvaluation } from '../../../../src/protocol/evaluation/estimate.ts';
import { firstEvaluation, inJinja, tasksFor } from '../../../../src/protocol/evaluation/first.ts';
import type { EvaluationRequest, TaskName } from '../../../../src/protocol/evaluation/request.ts';

type Opened = Parameters<typeof tasksFor>[0]['opened'];

const column = (name: string, kind: 'text' | 'label' = 'text') => ({ name, kind, distinct: null, missing: 0 });
const LABELLED: Opened = {
  rows: 872,
  columns: [column('sentence'), column('label', 'label')],
  roles: { text: 'sentence', label: 'label' },
};
const INSTRUCTIONS: Opened = {
  rows: 1100,
  columns: ['instruction', 'input', 'output'].map(name => column(name)),
  roles: { instruction: 'instruction', input: 'input', output: 'output' },
};
const RESPONSES: Opened = { ...INSTRUCTIONS, columns: [...INSTRUCTIONS.columns, column('model_response')] };
const NUMBERS: Opened = { rows: 3, columns: [column('number')], roles: {} };
const TEXTS: Opened = { rows: 3, columns: [column('text')], roles: { text: 'text' } };

test.each<[string, Opened, readonly string[], boolean, TaskName]>([
  ['labels and a language model', LABELLED, ['starter'], false, 'prompt'],
  ['labels and a classifier', LABELLED, ['spam'], true, 'classifier'],
  ['instructions', INSTRUCTIONS, ['starter'], false, 'generate'],
  ['instructions and two models', INSTRUCTIONS, ['starter', 'tuned'], false, 'compare'],
  ['responses', RESPONSES, ['starter'], false, 'judge'],
  ['texts', TEXTS, ['starter'], false, 'probe'],
])('%s suggest their task', (_, opened, models, classifies, task) => {
  expect(tasksFor({ opened, models, classifies })[0]).toBe(task);
});

const begun = (task: TaskName, opened: Opened, labels: readonly string[] = []): EvaluationRequest =>
  firstEvaluation(task, {
    dataset: { file: '/data.tsv' },
    opened,
    labels,
    models: ['starter', 'other'],
    classifies: false,
  });

test.each<[TaskName, Opened, readonly string[]]>([
  ['prompt', LABELLED, ['0', '1']],
  ['classifier', LABELLED, []],
  ['generate', INSTRUCTIONS, []],
  ['judge', RESPONSES, []],
  ['compare', INSTRUCTIONS, []],
  ['probe', LABELLED, []],
])('what %s begins with has nothing wrong', (task, opened, labels) => {
  expect(evaluationProblems(begun(task, opened, labels), opened)).toEqual([]);
});

test('0 and 1 are read as in SST-2, other labels by their names', () => {
  expect(begun('prompt', LABELLED, ['0', '1']).prompt).toEqual({
    prompt: '{{ sentence | trim }}\nSentiment:',
    labelWords: { 0: ' negative', 1: ' positive' },
  });
  expect(begun('prompt', LABELLED, ['ham', 'spam']).prompt?.labelWords).toEqual({ ham: ' ham', spam: ' spam' });
});

test('a column whose name is no name in Jinja is asked of the row', () => {
  expect(['text', 'my text', '1st'].map(inJinja)).toEqual(['text', 'row["my text"]', 'row["1st"]']);
});

const good = begun('prompt', LABELLED, ['0', '1']);
const withPrompt = (changes: EvaluationRequest['prompt']): EvaluationRequest => ({
  ...good,
  prompt: { ...good.prompt, ...changes },
});
const compared = begun('compare', INSTRUCTIONS);

test.each<[string, EvaluationRequest, Opened | null, string]>([
  ['an empty prompt', withPrompt({ prompt: ' ' }), LABELLED, 'prompt.prompt'],
  ['a column that is missing', withPrompt({ prompt: '{{ sentance | trim }}' }), LABELLED, 'prompt.prompt'],
  ['one label', withPrompt({ labelWords: { 0: ' no' } }), LABELLED, 'prompt.labelWords'],
  ['a label without a word', withPrompt({ labelWords: { 0: ' no', 1: '' } }), LABELLED, 'prompt.labelWords'],
  ['a word for two labels', withPrompt({ labelWords: { 0: ' no', 1: [' yes', ' no'] } }), null, 'prompt.labelWords'],
  ['no model', { ...good, models: [] }, LABELLED, 'models'],
  ['one model to compare', { ...compared, models: ['starter'] }, INSTRUCTIONS, 'models'],
  ['a model beside itself', { ...compared, models: ['a', 'b', 'a'] }, INSTRUCTIONS, 'models'],
  [
    'a model beside itself in the same precision',
    { ...compared, models: ['a', 'a'], precisions: ['int8', 'int8'] },
    INSTRUCTIONS,
    'models',
  ],
  ['a model without a precision', { ...good, precisions: ['int8'] }, LABELLED, 'models'],
  ['half a row', { ...good, rows: 0.5 }, LABELLED, 'rows'],
  ['a broken expression', { ...compared, compare: { checks: [{ regex: '(' }] } }, INSTRUCTIONS, 'compare.checks.0'],
  ['an empty check', { ...compared, compare: { checks: [{ contains: '' }] } }, INSTRUCTIONS, 'compare.checks.0'],
  [
    'a judge without a name',
    { ...begun('judge', RESPONSES), judge: { judge: { kind: 'ollama', model: '' }, columns: ['x'] } },
    null,
    'judge.judge.model',
  ],
  [
    'a judge without columns',
    { ...begun('judge', RESPONSES), judge: { judge: { kind: 'ollama', model: 'm' }, columns: [] } },
    null,
    'judge.columns',
  ],
  [
    'an address that is none',
    {
      ...begun('judge', RESPONSES),
      judge: { judge: { kind: 'openai', model: 'm', address: 'localhost' }, columns: ['x'] },
    },
    null,
    'judge.judge.address',
  ],
  ['a probe of nothing', { ...begun('probe', TEXTS), probe: { columns: [] } }, NUMBERS, 'probe.columns'],
  [
    'a judge that is asked nothing at once',
    {
      ...begun('judge', RESPONSES),
      judge: { judge: { kind: 'ollama', model: 'm' }, columns: ['x'], concurrency: 65 },
    },
    null,
    'judge.concurrency',
  ],
])('%s is told where it stands', (_, request, opened, path) => {
  const [problem] = evaluationProblems(request, opened);
  expect(problem?.path).toBe(path);
  expect(problem?.reason.remedy).not.toBe('');
});

test('a model may be compared with itself in another precision', () => {
  const request: EvaluationRequest = { ...compared, models: ['a', 'a'], precisions: ['f32', 'int8'] };
  expect(evaluationProblems(request, INSTRUCTIONS)).toEqual([]);
});

test('a probe without columns takes the one that is the text, here as where it is carried out', () => {
  expect(evaluationProblems({ ...begun('probe', TEXTS), probe: { columns: [] } }, TEXTS)).toEqual([]);
});

test('a column may be named by its role, and a derived one by its name', () => {
  const derived = {
    ...withPrompt({ prompt: '{{ text }} {{ shout }}' }),
    dataset: { file: '', steps: [{ derive: { shout: '!' } }] },
  };
  expect(evaluationProblems(derived, LABELLED)).toEqual([]);
});

test('an evaluation like one before takes as long for a row; a judge’s time is not guessed', () => {
  const known = { available: 872, threads: 2, measured: { title: 'before', secondsPerRow: 0.1 } };
  expect(estimateEvaluation({ ...good, rows: 500 }, [1e6], known)).toEqual({
    rows: 500,
    seconds: 50,
    measuredBy: 'before',
  });
  const unknown = { ...known, measured: undefined };
  expect(estimateEvaluation(begun('judge', RESPONSES), [], unknown).seconds).toBeNull();
  const [small, large] = [12e6, 124e6].map(size => estimateEvaluation(good, [size], unknown).seconds ?? 0);
  expect(large).toBeGreaterThan((small ?? 0) * 5);
});
