import { describe, expect, it } from 'vitest';
import type { Generation } from '../../src/protocol/generation.ts';
import { NODES, run, start } from './run.ts';

const FILM = ['generate', '--prompt', 'The movie was full of'];

describe.each(NODES)('%s', node => {
  async function generations(
    args: readonly string[],
    input?: string,
  ): Promise<{ generations: Generation[]; seed?: number }> {
    const { code, stdout, stderr } = await run(node, [...args, '--json'], input);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    return JSON.parse(stdout) as { generations: Generation[] };
  }

  it('greedy is the default, with each token’s figures', async () => {
    const { generations: found } = await generations([...FILM, '--max-new-tokens', '3']);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ text: " the film's", finishReason: 'length' });
    expect(found[0]?.tokens[0]).toMatchObject({ id: 262, text: ' the', rank: 1 });
    expect(found[0]?.tokens[0]?.probability).toBeCloseTo(0.207, 3);
  });

  it('beams come best first, with their scores', async () => {
    const search = [
      '--decoding',
      'beam',
      '--beams',
      '3',
      '--return',
      '2',
      '--length-penalty',
      '-0.5',
      '--no-repeat-ngram',
      '2',
    ];
    const { generations: found } = await generations([...FILM, ...search, '--max-new-tokens', '5']);
    expect(found).toHaveLength(2);
    expect(found[0]?.score).toBeGreaterThan(found[1]?.score as number);
  });

  it('samples of a seed come again; the prompt may come from standard input', async () => {
    const sampling = ['--decoding', 'sample', '--count', '2', '--top-p', '0.9', '--max-new-tokens', '5'];
    const first = await generations([...FILM, ...sampling]);
    const again = await generations(['generate', '--prompt', '-', ...sampling, '--seed', `${first.seed}`], FILM[2]);
    expect(again).toEqual(first);
  });

  it.each([
    [['--temperature', '0.8'], /--temperature is 0\.8/],
    [['--decoding', 'sample', '--top-p', '0'], /--top-p is 0/],
    [['--decoding', 'beam', '--beams', '2', '--return', '3'], /--return is 3/],
    [['--decoding', 'sample', '--no-repeat-ngram', '-1'], /--no-repeat-ngram is -1/],
  ])('%j is wrong usage', async (options, message) => {
    const { code, stdout } = await run(node, [...FILM, ...options, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringMatching(message) } });
  });

  it('an interrupt cancels', async () => {
    const endless = ['--max-new-tokens', '100000', '--past-context', 'slide', '--ban', '50256', '--json'];
    const { process: child, outcome } = start(node, [...FILM, ...endless]);
    setTimeout(() => child.kill('SIGINT'), 3000);
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'cancelled' } });
  });
});
