import { classificationOutput } from './classification.ts';
import type { TaskCommand } from './task.ts';

export const classifier: TaskCommand = {
  name: 'classifier',
  description: 'a fine-tuned classifier against labels',
  options: [],
  takes: ['model'],
  section: async () => ({}),
  output: async outcome => classificationOutput(outcome),
};
