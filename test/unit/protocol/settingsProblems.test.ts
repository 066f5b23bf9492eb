import { describe, expect, it } from 'vitest';
import { settingsProblems } from '../../../src/protocol/settingsProblems.ts';

const GREEDY = { decoding: 'greedy', maxNewTokens: 20 };
const BEAM = { decoding: 'beam', maxNewTokens: 20, beams: 4 };
const SAMPLE = { decoding: 'sample', maxNewTokens: 20 };

it.each([
  [GREEDY],
  [{ ...GREEDY, repetitionPenalty: 1.2, noRepeatNgram: 3, stop: ['\n'], ban: [0], pastContext: 'slide' }],
  [{ ...GREEDY, temperature: undefined }],
  [{ ...BEAM, lengthPenalty: -0.5, earlyStopping: false, returned: 4 }],
  [{ ...SAMPLE, temperature: 0.01, topK: 1, topP: 1, minP: 0.05, typicalP: 0.9, seed: 0, count: 64 }],
  [{ ...SAMPLE, bias: [{ id: 3, value: -2 }], ban: [4], seed: 4294967295 }],
])('nothing is wrong with %j', settings => {
  expect(settingsProblems(settings)).toEqual([]);
});

describe.each([
  [
    'an option of another mode',
    'unused',
    [
      [{ ...GREEDY, temperature: 0.8 }, 'temperature', /0\.8.*sampling/, /./],
      [{ ...GREEDY, beams: 4 }, 'beams', /4.*beam search/, /./],
      [{ ...GREEDY, count: 2 }, 'count', /2.*sampling/, /./],
      [{ ...BEAM, topP: 0.9 }, 'topP', /0\.9.*sampling/, /./],
      [{ ...SAMPLE, earlyStopping: true }, 'earlyStopping', /true.*beam search/, /./],
    ],
  ],
  [
    'a value that can’t be',
    'invalid',
    [
      [{ decoding: 'contrastive' }, 'decoding', /"contrastive"/, /greedy, beam, sample/],
      [{ decoding: 'toString' }, 'decoding', /"toString"/, /greedy/],
      [{ ...GREEDY, maxNewTokens: 0 }, 'maxNewTokens', /0/, /whole number from 1/],
      [{ ...GREEDY, maxNewTokens: -5 }, 'maxNewTokens', /-5/, /whole number from 1/],
      [{ ...GREEDY, maxNewTokens: 2.5 }, 'maxNewTokens', /2\.5/, /whole number/],
      [{ ...GREEDY, maxNewTokens: '20' }, 'maxNewTokens', /"20"/, /whole number/],
      [{ ...GREEDY, repetitionPenalty: -1 }, 'repetitionPenalty', /-1/, /from 0\.000001/],
      [{ ...GREEDY, repetitionPenalty: 1e-300 }, 'repetitionPenalty', /1e-300/, /from 0\.000001/],
      [{ ...GREEDY, noRepeatNgram: 0 }, 'noRepeatNgram', /0/, /Leave it out/],
      [{ ...GREEDY, stop: [''] }, 'stop', /\[""\]/, /not empty/],
      [{ ...GREEDY, ban: [-1] }, 'ban', /\[-1\]/, /token ids/],
      [{ ...GREEDY, bias: [{ id: 3 }] }, 'bias', /3/, /a number .*each/],
      [{ ...GREEDY, bias: [{ id: 3, value: 1e39 }] }, 'bias', /1e\+39/, /a number .*each/],
      [{ ...GREEDY, pastContext: 'on' }, 'pastContext', /"on"/, /stop or slide/],
      [{ ...BEAM, beams: 1 }, 'beams', /1/, /greedy/],
      [{ ...BEAM, beams: 65 }, 'beams', /65/, /2 to 64/],
      [{ ...BEAM, lengthPenalty: Number.NaN }, 'lengthPenalty', /./, /a number/],
      [{ ...BEAM, lengthPenalty: -1000 }, 'lengthPenalty', /-1000/, /from -50 to 50/],
      [{ ...SAMPLE, temperature: 0 }, 'temperature', /0/, /greedy/],
      [{ ...SAMPLE, temperature: -1 }, 'temperature', /-1/, /from 0\.000001/],
      [{ ...SAMPLE, temperature: 1e-60 }, 'temperature', /1e-60/, /from 0\.000001/],
      [{ ...SAMPLE, topK: 0 }, 'topK', /0/, /Leave it out/],
      [{ ...SAMPLE, topP: 0 }, 'topP', /0/, /Leave it out/],
      [{ ...SAMPLE, topP: 1.01 }, 'topP', /1\.01/, /at most 1/],
      [{ ...SAMPLE, minP: -0.1 }, 'minP', /-0\.1/, /at most 1/],
      [{ ...SAMPLE, typicalP: 2 }, 'typicalP', /2/, /at most 1/],
      [{ ...SAMPLE, seed: 2 ** 32 }, 'seed', /4294967296/, /4294967295/],
      [{ ...SAMPLE, count: 0 }, 'count', /0/, /1 to 64/],
    ],
  ],
  [
    'what is needed',
    'missing',
    [
      [{ decoding: 'greedy' }, 'maxNewTokens', /missing/, /whole number/],
      [{ decoding: 'beam', maxNewTokens: 5 }, 'beams', /missing/, /2 to 64/],
    ],
  ],
  [
    'what contradicts itself',
    'contradictory',
    [
      [{ ...BEAM, returned: 5 }, 'returned', /5.*4 beams/, /fewer/],
      [{ ...GREEDY, ban: [7], bias: [{ id: 7, value: 1 }] }, 'bias', /7/, /Leave one out/],
    ],
  ],
  [
    'what nobody knows',
    'unknown',
    [
      [{ ...GREEDY, topp: 0.9 }, 'topp', /0\.9.*no such option/, /Leave it out/],
      [{ ...GREEDY, constructor: 1 }, 'constructor', /no such option/, /./],
    ],
  ],
] as Array<[string, string, Array<[Record<string, unknown>, string, RegExp, RegExp]>]>)(
  '%s is refused',
  (_, kind, cases) => {
    it.each(cases)('%j', (settings, option, message, remedy) => {
      const [problem] = settingsProblems(settings);
      expect(problem).toMatchObject({ option, reason: { code: `setting-${kind}` } });
      expect(problem?.reason.message).toMatch(message);
      expect(problem?.reason.remedy).toMatch(remedy);
    });
  },
);

it('names options as the user knows them, and tells all that is wrong', () => {
  const problems = settingsProblems({ ...GREEDY, topP: 0, beams: 3 }, option => `--${option.toLowerCase()}`);
  expect(problems.map(({ reason }) => reason.message.split(' ')[0])).toEqual(['--topp', '--beams']);
});
