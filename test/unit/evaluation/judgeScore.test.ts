import { describe, expect, it } from 'vitest';
import { scoreOf } from '../../../src/evaluation/judge/score.ts';

// As models that serve as judges were seen to answer, and what each of it means.
const SCORES: ReadonlyArray<readonly [answer: string, score: number]> = [
  ['85', 85],
  [' 85\n', 85],
  ['85.', 85],
  ['0', 0],
  ['100', 100],
  ['**85**', 85],
  ['85%', 85],
  ['85/100', 85],
  ['**85**/100', 85],
  ['85 out of 100', 85],
  ['Score: 85', 85],
  ['Score: 85/100', 85],
  ['**Score:** 85', 85],
  ['Score: **85**', 85],
  ['Score = 85', 85],
  ['Rating: [[85]]', 85],
  ['Final score: $\\boxed{85}$', 85],
  ['{"score": 85, "reason": "It names 3 of 4 facts."}', 85],
  ['The score is 85.', 85],
  ['I would rate this a 7 out of 10', 70],
  ['I would rate this response an 85.', 85],
  ['I’d give this response a score of 85 out of 100 because it has 2 errors.', 85],
  ['I give it 85 points: 3 facts are right.', 85],
  ['8/10', 80],
  ['4 out of 5 stars', 80],
  ['7.5/10', 75],
  ['On a scale of 0 to 100, I would give it 60.', 60],
  ['On a scale from 1 to 10, I rate it 7.', 70],
  ['Score (0-100): 85', 85],
  ['Score (out of 100): 85', 85],
  ['<think>Perhaps 40, or 60?</think>\n\n85', 85],
  ['85\n\nThe response is correct but has 2 spelling errors.', 85],
  ['The response is right and short.\n\n85', 85],
  ['Accuracy: 80/100\nFluency: 95/100\nOverall: 85/100', 85],
  ['Accuracy 80/100, fluency 95/100. Overall score: 85/100.', 85],
  ['The correct answer is 42, and the response says 42. Score: 95', 95],
  ['I would score it 85/100. So, 85/100.', 85],
  ['Score: 92.5', 92.5],
  ['85. The response is correct.', 85],
  ['The answer earns 75 points out of 100.', 75],
  ['I’d rate it 3 out of 5, which is 60/100', 60],
];

const REFUSED = [
  '',
  'The response is good.',
  'I cannot judge this.',
  '80-90',
  'Somewhere between 70 and 80.',
  'Score: 70 to 80',
  'Score: 120',
  '150/100',
  'Score: 0.85',
  'Accuracy: 80/100\nFluency: 95/100',
  'There are 3 errors in the response.',
  'The 1st response is better.',
  'Score: -5',
  'Score: eighty-five',
  '85 90',
  '95/100 and 90/100',
  '1. It is short.\n2. It is right.',
  'Grade: B+',
];

describe('the score in a judge’s answer', () => {
  it.each(SCORES)('%j is %d', (answer, score) => expect(scoreOf(answer)).toEqual({ score }));
  it.each(REFUSED)('%j has none', answer => expect(scoreOf(answer)).toHaveProperty('problem'));
});
