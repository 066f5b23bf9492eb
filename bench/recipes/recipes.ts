/** A file of samples/recipes, and what is known of the experiment. */
export interface Recipe {
  readonly file: string;
  readonly what: string;
  /** What others measured, and with which model; null: no figure that we know of. */
  readonly published: { readonly figure: string; readonly source: Source } | null;
  /** The figure that stands beside it: accuracy on the test part, or loss on the validation part, at the end. */
  readonly figure: 'accuracy' | 'loss' | 'rewardsAccuracy' | 'scoreMean';
}

type Source = keyof typeof SOURCES;

/** Where the published figures stand. */
export const SOURCES = {
  'book, chapter 6':
    'Sebastian Raschka, *Build a Large Language Model (From Scratch)*, Manning 2024; the table of ' +
    'ch06/02_bonus_additional-experiments in the repository rasbt/LLMs-from-scratch. GPT-2 small, accuracy on the test part.',
  'book, chapter 7':
    'The same, section 7.8 and the solutions of exercises 7.1, 7.2 and 7.4. GPT-2 medium; mean score of 0 to 100 that ' +
    'Llama 3 8B gives the answers to the test part.',
} as const;

const book6 = (accuracy: string): Recipe['published'] => ({ figure: `${accuracy} %`, source: 'book, chapter 6' });
const book7 = (score: string): Recipe['published'] => ({ figure: `score ${score}`, source: 'book, chapter 7' });

/** In the order of the course. */
export const RECIPES: readonly Recipe[] = [
  { file: 'sms-last-block', what: 'SMS spam, last block', published: book6('95.00'), figure: 'accuracy' },
  { file: 'sms-first-token', what: '… reading the first position', published: book6('75.00'), figure: 'accuracy' },
  { file: 'sms-head-only', what: '… head alone', published: book6('72.00'), figure: 'accuracy' },
  { file: 'sms-all-layers', what: '… all layers', published: book6('96.67'), figure: 'accuracy' },
  { file: 'sms-lora', what: '… LoRA, rank 16', published: book6('97.67'), figure: 'accuracy' },
  { file: 'sms-no-padding', what: '… last block, no padding', published: book6('98.00'), figure: 'accuracy' },
  {
    file: 'sms-no-padding-accumulated',
    what: '… and 8 texts an update',
    published: book6('98.33'),
    figure: 'accuracy',
  },
  {
    file: 'sms-random-weights',
    what: '… all layers from random weights',
    published: book6('93.67'),
    figure: 'accuracy',
  },
  { file: 'sst-2-head', what: 'SST-2, a head over the mean', published: null, figure: 'accuracy' },
  { file: 'sst-2-completion', what: 'SST-2, prompt and completion', published: null, figure: 'accuracy' },
  { file: 'instructions-all-tokens', what: 'Instructions, all tokens', published: book7('50.32'), figure: 'loss' },
  { file: 'instructions-completions', what: '… completions alone', published: book7('47.73'), figure: 'loss' },
  { file: 'instructions-phi-3', what: '… Phi-3’s format', published: book7('48.87'), figure: 'loss' },
  { file: 'instructions-lora', what: '… LoRA, rank 16', published: book7('50.23'), figure: 'loss' },
  { file: 'dpo', what: 'DPO, beta 0.3', published: null, figure: 'rewardsAccuracy' },
  { file: 'reward', what: 'Reward model', published: null, figure: 'accuracy' },
  { file: 'ppo', what: 'PPO by a rule', published: null, figure: 'scoreMean' },
];
