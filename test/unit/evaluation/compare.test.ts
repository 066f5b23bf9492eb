import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createEvaluation } from '../../../src/protocol/evaluation/create.ts';
import type { ComparedRow, CompareResult } from '../../../src/protocol/evaluation/folder.ts';
import type { EvaluationRequest } from '../../../src/protocol/evaluation/request.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { testEngine } from '../engine/testEngine.ts';
import { startJudge } from './fakeJudge.ts';

const [A, B] = ['as-published', 'head-size-64-untied-gelu'].map(name => path.resolve('test/parity/fixtures', name)) as [
  string,
  string,
];
const OTHER_TOKENS = path.resolve('test/parity/fixtures/gpt2-vocabulary');
const CLASSIFIER = path.resolve('test/parity/classify/fixtures/last');
const GREEDY = { decoding: 'greedy', maxNewTokens: 5 } as const;
const ROWS = Array.from({ length: 10 }, (_, row) => ({ prompt: `Film ${row} was`, completion: 'good' }));
const TEXTS = ['The movie was full of surprises.', 'A dull film.', '', 'An hour of pure joy!'].map(text => ({ text }));

async function project(
  compare: NonNullable<EvaluationRequest['compare']>,
  { models = [A, B], rows = ROWS }: { models?: readonly string[]; rows?: readonly object[] } = {},
) {
  const { engine, folder: home } = await testEngine();
  const file = path.join(home, 'rows.json');
  await writeFile(file, JSON.stringify(rows));
  const request: EvaluationRequest = {
    task: 'compare',
    models,
    dataset: { file },
    device: 'cpu',
    compare: { generate: { template: 'none', decoding: GREEDY }, ...compare },
  };
  const evaluationsFolder = path.join(home, '.lm-lab', 'evaluations');
  const compared = async () => {
    const { result, rows } = await valueOf(engine.evaluateRows(request));
    return { result: result as CompareResult, rows: rows as ComparedRow[] };
  };
  return { engine, request, compared, folder: () => createEvaluation({ request, base: home, evaluationsFolder }) };
}

test('responses stand side by side, each with what its model gives it alone, and rules are checked', async () => {
  const { engine, compared } = await project({ checks: [{ regex: '^' }, { startsWith: 'never this' }] });
  const { result, rows } = await compared();
  for (const [at, model] of [A, B].entries()) {
    const settings = [GREEDY];
    const { columns } = await valueOf(
      engine.generate({ model, device: 'cpu', prompt: 'Film 3 was', settings, top: 0 }),
    );
    const alone = columns[0]?.generations[0];
    expect(rows[3]?.models[at]).toMatchObject({ model, response: alone?.text, scoredTokens: alone?.tokens.length });
    expect(rows[3]?.models[at]?.negativeLogLikelihood).toBeCloseTo(-(alone?.logProbability ?? 0), 3);
  }
  expect(rows[3]).toMatchObject({ prompt: 'Film 3 was', reference: 'good' });
  expect(result.models.map(({ checks }) => checks.map(({ passed }) => passed.value))).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(result.models[0]?.checks[0]).toMatchObject({ name: 'matches ^', passed: { count: 10 } });
  expect(result.models[0]?.texts?.count).toBe(10);
  expect(result.wins).toEqual([]);
});

test('of texts, perplexity is that of score, and who finds them likelier wins', async () => {
  const { engine, compared } = await project({ of: 'texts' }, { rows: TEXTS });
  const { result, rows } = await compared();
  const texts = TEXTS.map(({ text }) => text).filter(text => text !== '');
  const perplexities: Array<Array<number | null>> = [];
  for (const model of [A, B]) {
    const scored = await valueOf(engine.score({ model, device: 'cpu', texts, firstToken: 'unscored', top: 0 }));
    perplexities.push(scored.texts.map(({ perplexity }) => perplexity));
  }
  const shown = rows.filter(row => 'models' in row);
  for (const [at, { models }] of shown.entries())
    for (const [i, { perplexity }] of models.entries())
      expect(perplexity).toBeCloseTo(perplexities[i]?.[at] as number, 2);
  const better = perplexities[0]?.filter((value, at) => (value as number) < (perplexities[1]?.[at] as number)).length;
  expect(result.wins).toMatchObject([
    { first: A, second: B, measure: 'perplexity', ties: 0, rate: { value: (better ?? 0) / 3, count: 3 } },
  ]);
  expect(result.notes).toEqual(['Perplexity and bits per byte are of the texts in the column “text”.']);
  expect(result).toMatchObject({ rows: 3, leftOut: 1 });
});

test('models whose tokens differ are compared by bits per byte, and a note says why', async () => {
  const { compared } = await project({ of: 'texts' }, { rows: TEXTS, models: [A, OTHER_TOKENS] });
  const { result } = await compared();
  expect(result.wins.map(({ measure }) => measure)).toEqual(['bitsPerByte']);
  expect(result.notes).toContainEqual(expect.stringContaining('bits per byte can'));
});

test.each([
  ['nothing', {}, true],
  ['a rule', { checks: [{ contains: 'a' }] }, false],
] as const)(
  'of responses perplexity is of their own words; what ranks them is said where there is %s',
  async (_, compare, unranked) => {
    const { compared } = await project(compare, { rows: ROWS.slice(0, 1) });
    const { notes } = (await compared()).result;
    expect(notes).toContainEqual(expect.stringContaining('each model’s own response'));
    expect(notes.some(note => note.startsWith('Nothing ranks'))).toBe(unranked);
  },
);

test('a judge’s scores decide, ties counting half', async () => {
  const server = await startJudge(({ body }) => {
    const [, film, model] = /^(\d+)\/(\w)/.exec(body.messages[0]?.content ?? '') ?? [];
    if (Number(film) >= 8) return '50';
    return (model === 'a') === Number(film) < 6 ? '80' : '20';
  });
  const marked = await project(
    {
      judge: {
        judge: { kind: 'openai', model: 'm', address: server.address },
        prompt: '{{ prompt[5] }}/{{ "a" if response == first else "b" }}',
      },
    },
    {
      rows: await Promise.all(
        ROWS.map(async row => {
          const { engine } = await project({});
          const { columns } = await valueOf(
            engine.generate({ model: A, device: 'cpu', prompt: row.prompt, settings: [GREEDY], top: 0 }),
          );
          return { ...row, first: columns[0]?.generations[0]?.text };
        }),
      ),
    },
  );
  const { result, rows } = await marked.compared();
  expect(rows[0]?.models.map(({ judged }) => judged)).toEqual([80, 20]);
  // 6 of 10 better, 2 worse, 2 ties; two-sided binomial test of 6 of 8 by scipy.stats.binomtest: 0.2890625.
  expect(result.wins).toMatchObject([{ measure: 'judge', ties: 2, rate: { value: 0.7, count: 10 } }]);
  expect(result.wins[0]?.pValue).toBeCloseTo(0.2890625, 9);
  expect(result.models[0]?.judged?.value).toBe((6 * 80 + 2 * 20 + 2 * 50) / 10);
});

test.each<[string, Parameters<typeof project>[0], Parameters<typeof project>[1], string]>([
  ['one model', {}, { models: [A] }, 'compare-models'],
  ['a model twice', {}, { models: [A, A] }, 'compare-models'],
  ['a check that is no regular expression', { checks: [{ regex: '(' }] }, {}, 'check-invalid'],
  ['a reward model that tells labels', { rewardModel: CLASSIFIER }, {}, 'not-a-reward-model'],
])('%s is refused before anything is compared', async (_, compare, rows, code) => {
  const { engine, request } = await project(compare, rows);
  expect(await engine.evaluateRows(request)).toMatchObject({ ok: false, error: { code } });
});

test('one that was cancelled and is gone on with finds the same', async () => {
  const whole = await project({ of: 'texts' }, { rows: Array(80).fill(TEXTS).flat() as object[] });
  const { result } = await whole.compared();
  const folder = await whole.folder();
  const abort = new AbortController();
  const stopped = await whole.engine.evaluate(
    { folder },
    { signal: abort.signal, onProgress: ({ unit, done }) => unit === 'rows' && done > 40 && abort.abort() },
  );
  expect(stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  const resumed = (await valueOf(whole.engine.evaluate({ folder }))) as CompareResult;
  expect(resumed.wins[0]?.rate.count).toBe(240);
  expect(resumed.models[0]?.perplexity).toBeCloseTo(result.models[0]?.perplexity as number, 2);
});

test('votes that came since count in the result, of several on a row the last', async () => {
  const { engine, folder } = await project({});
  const place = await folder();
  await valueOf(engine.evaluate({ folder: place }));
  const between = [B, A] as const;
  const vote = (row: number, better: string | null) => ({
    row,
    between,
    better,
    worse: better && (better === A ? B : A),
    at: '2026-01-01T00:00:00Z',
  });
  const votes = [vote(0, A), vote(1, A), vote(2, null), vote(3, B), vote(0, B), vote(3, A)];
  await writeFile(path.join(place, 'votes.jsonl'), votes.map(line => `${JSON.stringify(line)}\n`).join(''));
  const { wins } = (await valueOf(engine.evaluate({ folder: place }))) as CompareResult;
  expect(wins).toMatchObject([{ measure: 'votes', ties: 1, rate: { value: 2.5 / 4, count: 4 } }]);
  expect(wins[0]?.pValue).toBeCloseTo(1, 9);
  const kept = JSON.parse(await readFile(path.join(place, 'result.json'), 'utf8')) as CompareResult;
  expect(kept.wins).toEqual(wins);
});
