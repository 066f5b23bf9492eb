import { expect, test } from 'vitest';
import { generatedCsv, generatedJson, generatedTsv } from '../../../../src/host/panels/generationExports.ts';
import { branch, generated, resultOf } from '../../webview/generatedTokens.ts';

const column = { id: 'c', name: 'my, column', model: null, settings: { decoding: 'greedy', maxNewTokens: 3 } } as const;
const result = resultOf(
  [
    branch(0, { tokens: [generated('a', { id: 1 }), generated('b', { id: 2 })] }),
    branch(1, { parent: 0, shared: 1, tokens: [generated('\n', { id: 198, probability: 0.25 })], score: -1.5 }),
  ],
  { selected: 1 },
);
const exported = { column, result };

test('TSV has the tokens of the text that is read, a line each', () => {
  expect(generatedTsv(exported)).toBe(
    'position\tid\ttoken\tprobability\trank\tentropy\ttokensLeft\tprobabilityLeft\n' +
      '1\t1\ta\t0.5\t1\t1\t1\t1\n2\t198\t\\n\t0.25\t1\t1\t1\t1\n',
  );
});

test('CSV names the column', () => {
  const [title, first, second] = generatedCsv([exported]).split('\r\n');
  expect(title).toBe('column,position,id,token,probability,rank,entropy,tokensLeft,probabilityLeft');
  expect(first).toBe('"my, column",1,1,a,0.5,1,1,1,1');
  expect(second).toContain('198,"\n",0.25');
});

test('JSON has all branches, each with its whole text and what the command line gives', () => {
  const { columns } = JSON.parse(generatedJson([exported]));
  expect(columns[0]).toMatchObject({ name: 'my, column', prompt: 'Once', settings: { decoding: 'greedy' } });
  expect(columns[0].generations[1]).toMatchObject({
    text: 'a\n',
    finishReason: 'length',
    logProbability: Math.log(0.5) + Math.log(0.25),
    score: -1.5,
    parent: 0,
    sharedTokens: 1,
  });
  expect(columns[0].generations[1].tokens[1]).toMatchObject({ id: 198, text: '\n', probability: 0.25, rank: 1 });
  expect(columns[0].generations[1].tokens[1]).not.toHaveProperty('adds');
});
