import { expect, test } from 'vitest';
import { rowsCsv } from '../../../../src/host/evaluations/rowsCsv.ts';
import type { EvaluatedRow } from '../../../../src/protocol/evaluation/folder.ts';

test.each<[string, readonly EvaluatedRow[], string]>([
  [
    'classifier',
    [
      { row: 0, line: 2, label: 'a', predicted: 'b', scores: { a: 0.25, b: 0.75 }, text: 'says "so"' },
      { row: 1, leftOut: 'It has no text.' },
    ],
    'row,line,label,predicted,text,right,confidence,score a,score b,leftOut\r\n0,2,a,b,"says ""so""",0,0.75,0.25,0.75,\r\n1,,,,,,,,,It has no text.\r\n',
  ],
  [
    'compare',
    [
      {
        row: 0,
        prompt: 'p',
        models: [
          {
            model: 'm',
            response: 'r',
            perplexity: 2,
            negativeLogLikelihood: 1,
            scoredTokens: 3,
            bitsPerByte: null,
            checks: [true, false],
          },
        ],
      },
    ],
    'row,prompt,response m,perplexity m,negativeLogLikelihood m,scoredTokens m,bitsPerByte m,check 1 m,check 2 m\r\n0,p,r,2,1,3,,1,0\r\n',
  ],
])('rows of %s for a spreadsheet', (task, rows, csv) => expect(rowsCsv(rows, task)).toBe(csv));
