import { expect, test } from 'vitest';
import { toCsv, toJson, toTsv } from '../../../../src/host/panels/exports.ts';
import type { ScoredText } from '../../../../src/protocol/engine.ts';

const first = { probability: null, rank: null, surprisal: null, entropy: null };
const scored: ScoredText = {
  text: 'a\t"b",\n',
  perplexity: 2,
  negativeLogLikelihood: Math.LN2,
  scoredTokens: 1,
  bitsPerByte: 0.2,
  tokens: [
    { id: 64, text: 'a\t', start: 0, end: 2, ...first },
    { id: 1, text: '"b",\n', start: 2, end: 7, probability: 0.5, rank: 1, surprisal: 1, entropy: 2.5 },
  ],
};
const panelText = (compared: ScoredText | null) => ({ offset: 0, line: 1, scored, compared });

test('TSV: a line is a row, whatever is in the tokens', () => {
  expect(toTsv(scored)).toBe(
    'id\ttoken\tstart\tend\tprobability\trank\tsurprisal\tentropy\n' +
      '64\ta\\t\t0\t2\t\t\t\t\n' +
      '1\t"b",\\n\t2\t7\t0.5\t1\t1\t2.5\n',
  );
});

test('CSV as in RFC 4180, with the number of the text', () => {
  expect(toCsv([panelText(null), panelText(null)])).toBe(
    'text,id,token,start,end,probability,rank,surprisal,entropy\r\n' +
      '1,64,a\t,0,2,,,,\r\n1,1,"""b"",\n",2,7,0.5,1,1,2.5\r\n' +
      '2,64,a\t,0,2,,,,\r\n2,1,"""b"",\n",2,7,0.5,1,1,2.5\r\n',
  );
});

test('JSON is what the command line prints, with the second model beside it', () => {
  expect(JSON.parse(toJson([panelText(null)]))).toEqual({ results: [scored] });
  expect(JSON.parse(toJson([panelText(scored)]))).toEqual({ results: [scored], compared: [scored] });
});
