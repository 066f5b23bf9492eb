import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startJudge } from '../unit/evaluation/fakeJudge.ts';
import { NODES, run, scratch, start } from './run.ts';

const MODEL = path.resolve('test/parity/fixtures/as-published');
const OTHER = path.resolve('test/parity/fixtures/head-size-64-untied-gelu');
const ROWS = ['Say hi.', 'Name a film.', 'Count.'].map(instruction => ({ instruction, output: 'Yes.', kind: 'short' }));
const file = path.join(scratch, 'instructions.json');
writeFileSync(file, JSON.stringify(ROWS));

describe.each(NODES)('%s', node => {
  async function json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await run(node, [...args, '--device', 'cpu', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    return JSON.parse(stdout) as T;
  }

  it('evaluate --task generate, and --task judge over what it wrote', async () => {
    const out = path.join(scratch, `responses-${NODES.indexOf(node)}.json`);
    const generated = ['evaluate', '--task', 'generate', '--model', MODEL, '--file', file, '--template', 'none'];
    expect(await json([...generated, '--out', out, '--max-new-tokens', '4'])).toMatchObject({ file: out, rows: 3 });
    const responses = JSON.parse(readFileSync(out, 'utf8')) as object[];
    expect(responses).toEqual(ROWS.map(row => ({ ...row, model_response: expect.any(String) })));
    expect((await run(node, [...generated, '--out', file])).code).toBe(2); // would be the dataset's end
    const refused = await run(node, [...generated, '--template', '{{ instrucion }}', '--out', out, '--json']);
    expect(refused).toMatchObject({ code: 1, stderr: '' }); // no folder is named, and none is left
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: 'column-missing', message: expect.stringContaining('--template names "instrucion"') },
    });
    const server = await startJudge((_, __, number) => (number === 2 ? 'Nice.' : 'Score: 80/100'));
    const judged = ['evaluate', '--task', 'judge', '--file', out, '--judge', 'openai:any', '--judge-retries', '0'];
    const found = await json([...judged, '--judge-address', `${server.address}/v1`, '--judge-concurrency', '1']);
    expect(found).toMatchObject({
      columns: [{ column: 'model_response', asked: 3, scored: 2, mean: { value: 80 } }],
      failures: 1,
      rows: [{ score: 80 }, { score: null }, { score: 80 }],
    });
  });

  it('a judge that asks for a key fails with exit code 1, and one that thinks can be left with Ctrl+C', async () => {
    const server = await startJudge((_, response, number) =>
      number === 1 ? void response.writeHead(401).end() : undefined,
    );
    const args = ['evaluate', '--task', 'judge', '--file', file, '--judge-columns', 'output', '--json'];
    const judge = ['--judge', 'ollama:llama3', '--judge-address', server.address, '--judge-concurrency', '1'];
    const refused = await run(node, [...args, ...judge]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'judge-unauthorized' } });
    const { process, outcome } = start(node, [...args, ...judge]);
    await expect.poll(() => server.asked.length, { timeout: 20_000 }).toBe(2);
    process.kill('SIGINT');
    expect((await outcome).code).toBe(130);
  });

  it('compare: the results of both, row by row', async () => {
    const args = ['compare', '--models', `${MODEL},${OTHER}`, '--file', file, '--template', 'none'];
    const found = await json<{ models: object[]; rows: Array<{ models: Array<{ model: string; response: string }> }> }>(
      args.concat('--max-new-tokens', '4', '--check', 'regex=.'),
    );
    expect(found.models).toMatchObject([{ model: MODEL, checks: [{ passed: { count: 3 } }] }, { model: OTHER }]);
    expect(found.rows.map(({ models }) => models.map(({ model }) => model))).toEqual(ROWS.map(() => [MODEL, OTHER]));
    const ofTexts = [...args, '--of', 'texts', '--column', 'text=instruction'];
    expect((await run(node, [...ofTexts, '--device', 'cpu,cpu'])).code).toBe(0);
    expect((await run(node, [...ofTexts, '--device', 'cpu,cpu,cpu'])).code).toBe(2);
    expect((await run(node, [...ofTexts, '--device', 'cpu', '--precision', 'f32,f16'])).code).toBe(0);
    const decoded = await run(node, [...ofTexts, '--device', 'cpu', '--max-new-tokens', '4']);
    expect(decoded).toMatchObject({ code: 2, stderr: expect.stringMatching(/^--max-new-tokens has no effect/m) });
    expect((await run(node, ['compare', '--models', MODEL, '--file', file])).code).toBe(2);
    expect((await run(node, ['compare', '--models', `${MODEL},${MODEL}`, '--file', file])).code).toBe(2);
    expect((await run(node, [...args, '--check', 'regex=('])).code).toBe(2);
    const unranked = await run(node, [...args, '--max-new-tokens', '2', '--rows', '1', '--device', 'cpu']);
    expect(unranked.stdout).toContain('Add --judge, --reward-model or --check');
  });

  it('evaluate --task probe, and embed: a vector for each row', async () => {
    const probed = ['evaluate', '--task', 'probe', '--model', MODEL, '--file', file, '--columns', 'instruction,output'];
    expect(await json([...probed, '--by', 'kind', '--embeddings', 'last'])).toMatchObject({
      groups: [
        { column: 'instruction', group: 'short', texts: { count: 3 } },
        { column: 'output', group: 'short', texts: { count: 3 } },
      ],
      rows: { length: 6 },
    });
    const embedded = ['embed', '--model', MODEL, '--file', file, '--text-column', 'instruction', '--pooling', 'mean'];
    const found = await json<{ vectors: Array<{ row: number; vector: number[] }>; width: number }>(embedded);
    expect(found.vectors.map(({ row, vector }) => [row, vector.length])).toEqual(
      ROWS.map((_, row) => [row, found.width]),
    );
    expect((await run(node, [...embedded, '--text-column', 'none'])).code).toBe(1);
  });
});
