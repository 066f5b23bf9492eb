import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { EmbeddedRow } from '../../../src/protocol/evaluation/api.ts';
import { createEvaluation } from '../../../src/protocol/evaluation/create.ts';
import type { ProbedRow, ProbeResult } from '../../../src/protocol/evaluation/folder.ts';
import type { EvaluationRequest } from '../../../src/protocol/evaluation/request.ts';
import { valueOf } from '../../../src/protocol/result.ts';
import { testEngine } from '../engine/testEngine.ts';

const MODEL = path.resolve('test/parity/fixtures/as-published');
const ROWS = [
  { text: 'The movie was full of surprises.', label: 'good' },
  { text: 'A dull film.', label: 'bad' },
  { text: '', label: 'bad' },
  { text: 'An hour of pure joy!', label: 'good' },
  { text: 'terrible', label: 'bad' },
  { text: 'A dull film.', label: null },
];

async function project(probe: EvaluationRequest['probe'], change: Partial<EvaluationRequest> = {}) {
  const { engine, folder: home } = await testEngine();
  const file = path.join(home, 'rows.json');
  await writeFile(file, JSON.stringify(ROWS));
  const request: EvaluationRequest = { task: 'probe', models: [MODEL], dataset: { file }, device: 'cpu', ...change };
  return { engine, home, file, request: { ...request, ...(probe && { probe }) } };
}

test('perplexity of each text is that of score, summed up by label over tokens', async () => {
  const { engine, request } = await project({ by: 'label' });
  const { result, rows } = await valueOf(engine.evaluateRows(request));
  const texts = ROWS.map(({ text }) => text).filter(text => text !== '');
  const scored = await valueOf(engine.score({ model: MODEL, device: 'cpu', texts, firstToken: 'unscored', top: 0 }));
  const probed = rows.filter((row): row is ProbedRow => 'group' in row);
  expect(probed.map(({ text, group }) => [text, group])).toEqual(
    ROWS.filter(({ text }) => text !== '').map(({ text, label }) => [text, label]),
  );
  for (const [at, { perplexity }] of scored.texts.entries()) {
    if (perplexity === null) expect(probed[at]?.perplexity).toBeNull();
    else expect(probed[at]?.perplexity).toBeCloseTo(perplexity, 3);
  }
  const good = scored.texts.filter((_, at) => probed[at]?.group === 'good');
  const sum = (of: (text: (typeof good)[number]) => number) => good.reduce((total, text) => total + of(text), 0);
  const { groups } = result as ProbeResult;
  expect(groups.map(({ group }) => group)).toEqual(['good', 'bad', null]);
  expect(groups[0]?.perplexity).toBeCloseTo(
    Math.exp(sum(({ negativeLogLikelihood }) => negativeLogLikelihood) / sum(({ scoredTokens }) => scoredTokens)),
    3,
  );
  const bytes = sum(({ tokens }) => tokens.slice(1).reduce((total, { text }) => total + Buffer.byteLength(text), 0));
  expect(groups[0]?.bitsPerByte).toBeCloseTo(
    sum(({ negativeLogLikelihood }) => negativeLogLikelihood) / Math.LN2 / bytes,
    6,
  );
  expect(result).toMatchObject({ rows: 5, leftOut: 1 });
});

test('rows are laid out on a plane, alike when it is cancelled and gone on with', async () => {
  const { engine, home, request } = await project({ embeddings: 'mean' });
  const { result, rows } = await valueOf(engine.evaluateRows(request));
  const { explained } = (result as ProbeResult).projection as NonNullable<ProbeResult['projection']>;
  expect(explained[0]).toBeGreaterThan(explained[1]);
  const places = rows.map(row => ('projected' in row ? row.projected : undefined));
  expect(places.filter(Boolean)).toHaveLength(5);
  expect(places[1]).toEqual(places[5]);
  const folder = await createEvaluation({ request, base: home, evaluationsFolder: path.join(home, 'evaluations') });
  const abort = new AbortController();
  const stopped = await engine.evaluate(
    { folder },
    { signal: abort.signal, onProgress: ({ unit }) => unit === 'rows' && abort.abort() },
  );
  expect(stopped).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  const resumed = (await valueOf(engine.evaluate({ folder }))) as ProbeResult;
  expect(resumed.projection?.explained[0]).toBeCloseTo(explained[0], 5);
});

test.each<[string, EvaluationRequest['probe'], string]>([
  ['a column that is not there', { columns: ['film'] }, 'column-missing'],
  ['a column to group by that is not there', { by: 'film' }, 'column-missing'],
])('%s is refused before anything is scored', async (_, probe, code) => {
  const { engine, request } = await project(probe);
  expect(await engine.evaluateRows(request)).toMatchObject({ ok: false, error: { code } });
});

test('rows are embedded as they come, those without a text left out', async () => {
  const { engine, file } = await project({});
  const told: EmbeddedRow[] = [];
  const request = { model: MODEL, device: 'cpu', dataset: { file }, part: null, rows: null } as const;
  const counts = await valueOf(
    engine.embedRows({ ...request, pooling: 'mean', column: null }, { onUpdate: rows => told.push(...rows) }),
  );
  expect(counts).toMatchObject({ rows: 5, leftOut: 1, width: told[0]?.vector.length });
  expect(told.map(({ row }) => row)).toEqual([0, 1, 3, 4, 5]);
  const { vectors } = await valueOf(
    engine.embed({ model: MODEL, device: 'cpu', texts: ['A dull film.'], pooling: 'mean' }),
  );
  for (const [at, value] of (vectors[0] ?? []).entries()) expect(told[1]?.vector[at]).toBeCloseTo(value, 4);
});

test('of a million rows the first are embedded', {
  timeout: 60_000,
}, async () => {
  const { engine, home } = await project({});
  const file = path.join(home, 'million.txt');
  await writeFile(file, 'A film.\n'.repeat(1_000_000));
  const request = { model: MODEL, device: 'cpu', dataset: { file }, part: null, rows: 5 } as const;
  const counts = await valueOf(engine.embedRows({ ...request, pooling: 'last', column: null }));
  expect(counts.rows).toBe(5);
});
