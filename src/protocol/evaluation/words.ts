import type { ShownState } from '../run/liveness.ts';
import { STATE_WORDS } from '../run/words.ts';
import type { TaskName } from './request.ts';

/** How an evaluation's state is told. */
export const EVALUATION_WORDS: Readonly<Record<ShownState, string>> = { ...STATE_WORDS, lost: 'interrupted' };

/** What each task is called, and what it tells. */
export const TASK_WORDS: Readonly<Record<TaskName, { readonly title: string; readonly meaning: string }>> = {
  prompt: {
    title: 'Classify by prompt',
    meaning: 'Which label’s word does the model find likeliest after a prompt? Nothing is trained',
  },
  classifier: { title: 'Test a classifier', meaning: 'How often a fine-tuned classifier gives the label of the row' },
  generate: { title: 'Write responses', meaning: 'A response to each row, beside its reference, as a file to judge' },
  judge: { title: 'Judge responses', meaning: 'Another model scores each response from 0 to 100' },
  compare: { title: 'Compare models', meaning: 'Two models or more on the same rows: read, measured, and voted on' },
  probe: {
    title: 'Probe texts',
    meaning: 'How likely the texts are to a model, how diverse, and how they lie together',
  },
};
