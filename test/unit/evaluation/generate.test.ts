import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createEvaluation } from '../../../src/protocol/evaluation/create.ts';
import type { ResponseRow } from '../../../src/protocol/evaluation/folder.ts';
import type { EvaluationRequest } from '../../../src/protocol/evaluation/request.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { testEngine } from '../engine/testEngine.ts';

const MODEL = path.resolve('test/parity/fixtures/as-published');
const GREEDY = { decoding: 'greedy', maxNewTokens: 6 } as const;
const ROWS = Array.from({ length: 24 }, (_, row) => ({
  instruction: `Name ${row} films.`,
  input: row % 3 === 0 ? '' : 'of the year',
  output: `film ${row}`,
  year: 1990 + row,
}));

async function project(change: Partial<EvaluationRequest> = {}, rows: readonly object[] = ROWS) {
  const { engine, folder: home } = await testEngine();
  const file = path.join(home, 'rows.json');
  await writeFile(file, JSON.stringify(rows));
  const request: EvaluationRequest = {
    task: 'generate',
    models: [MODEL],
    dataset: { file },
    device: 'cpu',
    generate: { template: 'question-answer', decoding: GREEDY },
    ...change,
  };
  const evaluationsFolder = path.join(home, '.lm-lab', 'evaluations');
  const folder = await createEvaluation({ request, base: home, evaluationsFolder });
  const responses = async () =>
    JSON.parse(await readFile(path.join(folder, 'responses.json'), 'utf8')) as Array<Record<string, unknown>>;
  return { engine, request, folder, responses };
}

/** Greedy, one by one, as the command `generate` gives it; what parity/generate.test.ts compares with transformers. */
async function alone({ engine }: Awaited<ReturnType<typeof project>>, prompt: string): Promise<string> {
  const { columns } = await valueOf(
    engine.generate({ model: MODEL, device: 'cpu', prompt, settings: [GREEDY], top: 0 }),
  );
  return columns[0]?.generations[0]?.text as string;
}

test('each row has the response that its prompt has alone, beside its own fields', async () => {
  const made = await project();
  const result = await valueOf(made.engine.evaluate({ folder: made.folder }));
  const responses = await made.responses();
  expect(responses).toEqual(ROWS.map(row => ({ ...row, model_response: expect.any(String) })));
  for (const row of [0, 1, 23]) {
    const { instruction, input } = ROWS[row] as (typeof ROWS)[number];
    const prompt = `### Question: ${instruction}${input === '' ? '' : `\n${input}`}\n### Answer: `;
    expect(responses[row]?.['model_response']).toBe(await alone(made, prompt));
  }
  expect(result).toMatchObject({
    task: 'generate',
    rows: ROWS.length,
    models: [{ model: MODEL, texts: { count: 24 } }],
  });
});

test('one that was cancelled and is gone on with gives the same responses', async () => {
  const whole = await project();
  await valueOf(whole.engine.evaluate({ folder: whole.folder }));
  const cut = await project();
  const abort = new AbortController();
  const stopped = await cut.engine.evaluate(
    { folder: cut.folder },
    { signal: abort.signal, onProgress: ({ unit, done }) => unit === 'rows' && done > 5 && abort.abort() },
  );
  expect(stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  await valueOf(cut.engine.evaluate({ folder: cut.folder }));
  expect(await cut.responses()).toEqual(await whole.responses());
});

test('the active model is told by its id', async () => {
  const { engine, request } = await project({ models: ['active'] });
  const { result } = await valueOf(engine.evaluateRows({ ...request, rows: 1 }));
  expect(result).toMatchObject({ models: [{ model: 'starter' }] });
});

test('what is sampled depends on the row, not on what stands beside it', async () => {
  const decoding = { decoding: 'sample', maxNewTokens: 6, seed: 7 } as const;
  const { engine, request } = await project({ generate: { template: 'none', decoding } });
  const responses = async (rows: number) =>
    (await valueOf(engine.evaluateRows({ ...request, rows }))).rows.map(row => (row as ResponseRow).response);
  const few = await responses(3);
  expect((await responses(12)).slice(0, 3)).toEqual(few);
  expect(new Set(few).size).toBe(3);
  const { prompt } = (await valueOf(engine.evaluateRows({ ...request, rows: 3 }))).rows[2] as ResponseRow;
  const settings = [{ ...decoding, seed: 9 }];
  const { columns } = await valueOf(engine.generate({ model: MODEL, device: 'cpu', prompt, settings, top: 0 }));
  expect(columns[0]?.generations[0]?.text).toBe(few[2]);
});

test('a prompt that is too long is left out, with why', async () => {
  const rows = [{ prompt: 'The' }, { prompt: 'film '.repeat(200) }, { prompt: '' }, { prompt: 'A' }];
  const made = await project({ generate: { template: 'none', decoding: GREEDY } }, rows);
  const result = await valueOf(made.engine.evaluate({ folder: made.folder }));
  expect(result).toMatchObject({ rows: 2, leftOut: 2 });
  expect((await made.responses()).map(({ prompt }) => prompt)).toEqual(['The', 'A']);
});

test.each<[string, Partial<EvaluationRequest>, object]>([
  [
    'a template of a missing column',
    { generate: { template: '{{ instrucion }}:', decoding: GREEDY } },
    { code: 'column-missing', message: expect.stringContaining('generate.template names "instrucion"') },
  ],
  ['a template that nobody knows', { generate: { template: 'gamma', decoding: GREEDY } }, { code: 'template-unknown' }],
  [
    'several texts for a prompt',
    { generate: { decoding: { decoding: 'sample', maxNewTokens: 3, count: 2 } } },
    { code: 'responses-several' },
  ],
  [
    'settings that say something wrong',
    { generate: { decoding: { decoding: 'greedy', maxNewTokens: 0 } } },
    { message: expect.stringContaining('maxNewTokens') },
  ],
])('%s are refused before anything is generated', async (_, change, error) => {
  const { engine, request } = await project(change);
  expect(await engine.evaluateRows(request)).toMatchObject({ ok: false, error });
});
