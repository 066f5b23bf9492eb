import { Reasoned } from './result.ts';

/** There is nothing to learn from or to evaluate: the file, or the part of its split, holds no rows. */
export const datasetEmpty = (file: string, part = 'train'): Reasoned =>
  new Reasoned(
    'dataset-empty',
    `"${file}" has no rows${part === 'train' ? '' : ` for ${part}`}.`,
    'Choose a file with data in it.',
  );
