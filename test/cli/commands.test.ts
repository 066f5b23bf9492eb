import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelEntry, ModelInfo, NextTokens, Scored, Token } from '../../src/protocol/engine.ts';
import type { Placement } from '../../src/protocol/placement.ts';
import { type Input, NODES, run, scratch, start } from './run.ts';

const FIXTURE = path.resolve('test/parity/fixtures/head-size-12');
const FILM = 'The movie was full of';

describe.each(NODES)('%s', node => {
  async function json<T>(args: readonly string[], input?: Input): Promise<T> {
    const { code, stdout, stderr } = await run(node, [...args, '--json'], input);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    return JSON.parse(stdout) as T;
  }
  const scores = async (args: readonly string[], input?: Input): Promise<Scored['texts']> =>
    (await json<{ results: Scored['texts'] }>(['score', ...args], input)).results;

  it('tokenize gives ids, raw tokens and offsets', async () => {
    const { tokens } = await json<{ tokens: Token[] }>(['tokenize', '--text', FILM]);
    expect(tokens.map(({ id }) => id)).toEqual([464, 3807, 373, 1336, 286]);
    expect(tokens[1]).toEqual({ id: 3807, text: ' movie', raw: 'Ġmovie', start: 3, end: 9 });
  });

  it('standard input and a file are read as they stand: byte order mark, NUL, line ends; no UTF-8 is U+FFFD', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeffa\0\r\n'), Buffer.of(0xff), Buffer.from(' b')]);
    const file = path.join(scratch, 'bytes.txt');
    writeFileSync(file, bytes);
    const read = await Promise.all([scores(['--text', '-'], bytes), scores(['--file', file])]);
    expect(read.map(([result]) => result?.text)).toEqual(['\ufeffa\0\r\n\ufffd b', '\ufeffa\0\r\n\ufffd b']);
  });

  it('models device tells which provider ran each node', async () => {
    const placement = await json<Placement>(['models', 'device', 'starter', '--device', 'cpu']);
    expect(placement.device.device).toBe('cpu');
    for (const { name, nodes } of placement.graphs)
      expect([name, new Set(nodes.map(({ provider }) => provider))]).toEqual([name, new Set(['CPU'])]);
  });

  it('next gives context and predictions', async () => {
    const answer = await json<NextTokens>(['next', '--text', FILM, '--top', '3']);
    expect(Object.keys(answer).sort()).toEqual(['context', 'predictions']);
    expect(answer.context.tokens.at(-1)).toEqual({ id: 286, text: ' of', raw: 'Ġof' });
    expect(answer.predictions.map(({ text, rank }) => [text, rank])).toEqual([
      [' the', 1],
      [' a', 2],
      [' its', 3],
    ]);
    expect(answer.predictions[0]?.probability).toBeCloseTo(0.207, 3);
  });

  it('score leaves the first token unscored', async () => {
    const [result] = await scores(['--text', `${FILM} surprises`]);
    expect(result?.perplexity).toBeCloseTo(122.86, 2);
    expect(result).toMatchObject({ scoredTokens: 5, text: `${FILM} surprises` });
    const unscored = {
      id: 464,
      text: 'The',
      start: 0,
      end: 3,
      probability: null,
      rank: null,
      surprisal: null,
      entropy: null,
    };
    expect(result?.tokens[0]).toEqual(unscored);
  });

  it('score puts <|endoftext|> first when asked, and lists alternatives', async () => {
    const [result] = await scores(['--text', `${FILM} surprises`, '--first-token', 'endoftext', '--top', '2']);
    expect(result?.perplexity).toBeCloseTo(69.358, 2);
    expect(result?.scoredTokens).toBe(6);
    expect(result?.tokens.map(({ top }) => top?.length)).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it('score --per-line skips blank lines; a line of one token has no perplexity', async () => {
    const file = path.join(scratch, 'lines.txt');
    writeFileSync(file, `${FILM}\r\n\r\n  \nThe\n${FILM}`);
    const results = await scores(['--file', file, '--per-line']);
    expect(results.map(({ text, scoredTokens }) => [text, scoredTokens])).toEqual([
      [FILM, 4],
      ['The', 0],
      [FILM, 4],
    ]);
    expect(results[1]).toMatchObject({ perplexity: null, bitsPerByte: null, negativeLogLikelihood: 0 });
  });

  it('score without --json is a table, with the summary first', async () => {
    const { stdout } = await run(node, ['score', '--text', `${FILM} surprises`]);
    expect(stdout).toMatch(/^perplexity 122\.86, .* 5 tokens scored\n/);
    expect(stdout).toContain('·surprises');
  });

  it('a folder is added, informed about and removed', async () => {
    type Entries = { models: ModelEntry[] };
    const [added] = (await json<Entries>(['models', 'add', FIXTURE])).models;
    expect(added).toMatchObject({
      folder: FIXTURE,
      contextLength: 32,
      architecture: 'GPT2LMHeadModel',
      source: 'folder',
    });
    const id = added?.id as string;
    expect((await json<Entries>(['models', 'list'])).models.map(model => model.id)).toContain(id);
    const { models } = await json<{ models: Array<ModelEntry & ModelInfo> }>(['models', 'info', id]);
    expect(JSON.stringify(models[0]?.modules)).toContain('[512,24]');
    const [scored] = await scores(['--text', FILM, '--model', id]);
    expect(scored?.scoredTokens).toBeGreaterThan(0);
    expect((await json<Entries>(['models', 'remove', id])).models.map(model => model.id)).not.toContain(id);
  });

  it('ten megabytes reach a slow reader through a pipe', async () => {
    const text = 'It was the best of times. '.repeat(20_000);
    const { process: child, outcome } = start(node, ['tokenize', '--text', '-', '--json'], text);
    child.stdout?.pause();
    setTimeout(() => child.stdout?.resume(), 2000);
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    expect(stdout.length).toBeGreaterThan(8e6);
    expect((JSON.parse(stdout) as { tokens: Token[] }).tokens.at(-1)?.end).toBe(text.length);
  });

  it('a reader that leaves early is no failure', async () => {
    const { process: child, outcome } = start(node, ['tokenize', '--text', '-', '--json'], 'words '.repeat(100_000));
    const closed = once(child, 'close');
    child.stdout?.once('data', () => child.stdout?.destroy());
    await expect(outcome).rejects.toThrow('close'); // Our own reading, which ended before the output did.
    expect(await closed).toEqual([0, null]);
  });

  it('an interrupt cancels: exit code 130 and a reason', async () => {
    const text = 'It was the best of times. '.repeat(60_000);
    const { process: child, outcome } = start(node, ['score', '--text', '-', '--json'], text);
    setTimeout(() => child.kill('SIGINT'), 3000);
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'cancelled' } });
  });
});
