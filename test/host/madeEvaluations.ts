import type { EvaluatedRow, EvaluationState } from '../../src/protocol/evaluation/folder.ts';
import type { MadeEvaluation } from './evaluationFolders.ts';
import { manyLabels, promptEvaluation } from './madeClassifications.ts';
import { around, random, sentences, statistics } from './madeParts.ts';

const PROMPTS: ReadonlyArray<readonly [string, string]> = [
  ['Rewrite the sentence using a simile.\n\nThe car is very fast.', 'The car is as fast as lightning.'],
  [
    'What type of cloud is typically associated with thunderstorms?',
    'The type of cloud typically associated with thunderstorms is cumulonimbus.',
  ],
  ['Name the author of “Pride and Prejudice”.', 'Jane Austen.'],
  [
    'Describe the process of photosynthesis in two sentences.',
    'Plants take in light, water and carbon dioxide. They make sugar of them and give off oxygen.',
  ],
];
const WRITTEN = [
  'The car is as fast as a bullet.',
  'A thunderstorm is typically associated with cumulus clouds, which are white clouds that are seen in the sky above the sea and above the mountains, and they are white, and they are seen above the sea, and they are white.',
  '',
  'Plants use the energy of light.\nThey make food.\n\nThey give off oxygen, which animals breathe.',
];
const BEFORE = [
  'The film is a film that is a film that is a film',
  ', and the film is the most',
  'The author is the author of the author',
  'the the the',
];

const SPLIT = { file: '../../../instruction-data.json' };
const DECODING = { decoding: 'greedy', maxNewTokens: 64 } as const;
const prompted = (row: number): readonly [string, string] => PROMPTS[row % PROMPTS.length] as readonly [string, string];
const line = (row: number): number => 3 + 6 * row;

function generateEvaluation(): MadeEvaluation {
  const rows = Array.from({ length: 50 }, (_, row): EvaluatedRow => {
    const [prompt, reference] = prompted(row);
    const response = WRITTEN[row % WRITTEN.length] ?? '';
    const finishReason = response.length > 100 ? 'length' : 'endoftext';
    return {
      row,
      line: line(row),
      model: 'starter',
      prompt,
      response,
      reference,
      tokens: response.length >> 2,
      finishReason,
    };
  });
  return {
    name: '2026-11-26T09-12-00-instruction-data-generate',
    request: {
      task: 'generate',
      models: ['starter'],
      dataset: SPLIT,
      part: 'test',
      rows: 50,
      generate: { template: null, decoding: DECODING },
    },
    rows,
    rowsTotal: 50,
    state: 'finished',
    result: {
      task: 'generate',
      wallSeconds: 48,
      rows: 50,
      leftOut: 0,
      models: [{ model: 'starter', texts: statistics(2) }],
    },
  };
}

function judgeEvaluation(): MadeEvaluation {
  const draw = random(3);
  const rows = Array.from({ length: 110 }, (_, row): EvaluatedRow => {
    const response = WRITTEN[row % WRITTEN.length] ?? '';
    const base = { row, line: line(row), column: 'model_response', response, attempts: row % 17 === 3 ? 3 : 1 };
    if (row % 29 === 7) {
      const answer =
        'I’d say it is quite good! The response addresses the instruction, though it could be more concise.';
      return {
        ...base,
        score: null,
        answer,
        attempts: 4,
        problem: 'No number from 0 to 100 stands in its answer, asked 4 times.',
      };
    }
    const score = Math.min(100, Math.round((draw() + draw()) * 54));
    return { ...base, score, answer: row % 3 === 0 ? `Score: ${score}/100` : `${score}` };
  });
  const scores = rows.flatMap(row => ('score' in row && row.score !== null ? [row.score] : []));
  const histogram = Array.from(
    { length: 10 },
    (_, bin) => scores.filter(score => Math.min(9, Math.floor(score / 10)) === bin).length,
  );
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return {
    name: '2026-11-26T10-20-00-responses-judge',
    request: {
      task: 'judge',
      models: [],
      dataset: SPLIT,
      part: null,
      rows: null,
      judge: {
        judge: { kind: 'ollama', model: 'llama3' },
        prompt: null,
        columns: ['model_response'],
        temperature: 0,
        seed: 123,
        concurrency: 2,
        retries: 3,
        timeoutSeconds: 120,
      },
    },
    rows,
    rowsTotal: 110,
    state: 'finished',
    result: {
      task: 'judge',
      wallSeconds: 190,
      rows: 110,
      leftOut: 0,
      columns: [
        {
          column: 'model_response',
          asked: 110,
          scored: scores.length,
          mean: around(mean, 4.2, scores.length),
          histogram,
        },
      ],
    },
  };
}

function compareEvaluation(): MadeEvaluation {
  const draw = random(11);
  const models = ['starter', '../../runs/instructions-all-layers/model'];
  const [before = '', after = ''] = models;
  const rows = Array.from({ length: 60 }, (_, row): EvaluatedRow => {
    const [prompt, reference] = prompted(row);
    const of = (model: string, response: string, perplexity: number, passes: boolean) => ({
      model,
      response,
      perplexity,
      negativeLogLikelihood: 20 * Math.log(perplexity),
      scoredTokens: 20,
      bitsPerByte: Math.log2(perplexity) / 4.4,
      reward: draw() * 2 - 0.6,
      judged: Math.round(draw() * 100),
      checks: [passes, response.length > 0],
    });
    return {
      row,
      line: line(row),
      prompt,
      reference,
      models: [
        of(before, BEFORE[row % 4] ?? '', 90 + 300 * draw(), draw() > 0.7),
        of(after, WRITTEN[row % 4] ?? '', 6 + 14 * draw(), draw() > 0.2),
      ],
    };
  });
  const checks = (first: number, second: number) => [
    { name: 'ends with a full stop', passed: around(first, 0.09, 60) },
    { name: 'not empty', passed: around(second, 0.05, 60) },
  ];
  const win = (measure: 'perplexity' | 'reward' | 'judge', rate: number, ties: number, pValue: number) => ({
    first: before,
    second: after,
    measure,
    rate: around(rate, 0.11, 60),
    ties,
    pValue,
  });
  return {
    name: '2026-11-26T11-00-00-instruction-data-compare',
    request: {
      task: 'compare',
      models,
      dataset: SPLIT,
      part: 'test',
      rows: 60,
      compare: {
        of: 'responses',
        generate: { template: null, decoding: DECODING },
        rewardModel: '../../runs/reward/model',
        judge: null,
        checks: [{ regex: '\\.$' }, { regex: '.' }],
      },
    },
    rows,
    rowsTotal: 60,
    state: 'finished',
    result: {
      task: 'compare',
      wallSeconds: 96,
      rows: 60,
      leftOut: 0,
      notes: ['The models have different tokenizers: compare bits per byte rather than perplexity.'],
      models: [
        {
          model: before,
          perplexity: 201.4,
          bitsPerByte: 1.74,
          reward: { value: -0.12, low: -0.31, high: 0.07, count: 60 },
          judged: around(21.4, 4.1, 60),
          checks: checks(0.31, 0.98),
          texts: statistics(0),
        },
        {
          model: after,
          perplexity: 12.6,
          bitsPerByte: 0.83,
          reward: { value: 0.64, low: 0.45, high: 0.83, count: 60 },
          judged: around(49.8, 5.6, 60),
          checks: checks(0.82, 0.75),
          texts: statistics(3),
        },
      ],
      wins: [win('perplexity', 0.02, 0, 1e-9), win('reward', 0.21, 0, 0.00002), win('judge', 0.41, 6, 0.174)],
    },
    votes: [
      { row: 0, between: [before, after], better: after, worse: before, at: '2026-11-26T12:00:00Z' },
      { row: 1, between: [after, before], better: after, worse: before, at: '2026-11-26T12:00:08Z' },
      { row: 2, between: [before, after], better: null, worse: null, at: '2026-11-26T12:00:15Z' },
    ],
  };
}

function probeEvaluation(): MadeEvaluation {
  const draw = random(5);
  const rows = sentences.slice(0, 400).map(([text, label = '0'], row): EvaluatedRow => {
    const shift = label === '1' ? 1.1 : -0.8;
    const projected = [shift + (draw() + draw() + draw() - 1.5) * 2.4, (draw() + draw() - 1) * 2] as const;
    const perplexity = 60 + 500 * draw() ** 2;
    return {
      row,
      line: row + 2,
      column: 'sentence',
      group: label,
      text,
      perplexity,
      negativeLogLikelihood: 18 * Math.log(perplexity),
      scoredTokens: 18,
      tokens: 19,
      bitsPerByte: Math.log2(perplexity) / 4.4,
      projected,
    };
  });
  return {
    name: '2026-11-26T12-30-00-dev-probe',
    request: {
      task: 'probe',
      models: ['starter'],
      dataset: { file: '../../../SST-2/dev.tsv' },
      part: null,
      rows: 400,
      probe: { columns: ['sentence'], by: 'label', embeddings: 'mean' },
    },
    rows,
    rowsTotal: 400,
    state: 'finished',
    result: {
      task: 'probe',
      wallSeconds: 8.1,
      rows: 400,
      leftOut: 0,
      groups: [
        { column: 'sentence', group: '0', perplexity: 214.6, bitsPerByte: 1.71, texts: statistics(1) },
        { column: 'sentence', group: '1', perplexity: 181.2, bitsPerByte: 1.62, texts: statistics(4) },
      ],
      projection: { explained: [0.31, 0.12] },
    },
  };
}

const unfinished = (
  evaluation: MadeEvaluation,
  name: string,
  rows: number,
  state?: EvaluationState,
): MadeEvaluation => {
  const { result: _, state: __, ...rest } = evaluation;
  return { ...rest, name, rows: evaluation.rows.slice(0, rows), ...(state && { state }) };
};

/** One of each task, and of each state. */
export const EVALUATIONS: readonly MadeEvaluation[] = [
  promptEvaluation('2026-11-26T14-00-00-dev-prompt', 1, 872),
  promptEvaluation('2026-11-26T13-30-00-dev-prompt-other-words', 21, 872),
  generateEvaluation(),
  judgeEvaluation(),
  compareEvaluation(),
  probeEvaluation(),
  manyLabels(),
  { ...unfinished(promptEvaluation('', 4, 872), '2026-11-26T15-00-00-sst-2-running', 230, 'running'), rowsTotal: 872 },
  { ...unfinished(judgeEvaluation(), '2026-11-26T15-10-00-responses-stopped', 40, 'stopped') },
  {
    ...unfinished(generateEvaluation(), '2026-11-26T15-20-00-instruction-data-failed', 0, 'failed'),
    error: {
      code: 'column-missing',
      message: 'generate.template names "question", and there is no such column.',
      remedy: 'The columns are instruction, input, output. Write one of them.',
    },
  },
  { ...unfinished(probeEvaluation(), '2026-11-26T15-30-00-dev-interrupted', 120, 'running'), processId: 2 ** 22 - 3 },
  unfinished(compareEvaluation(), '2026-11-26T15-40-00-instruction-data-not-begun', 0),
];
