/** What the editor calls the pages of each panel; package.json names the same where it tells what wakes the extension. */
export const VIEW_TYPES = {
  tokenProbabilities: 'lmLab.tokenProbabilities',
  chat: 'lmLab.chat',
  generations: 'lmLab.generations',
  dataset: 'lmLab.dataset',
  annotate: 'lmLab.annotate',
  trainingCurves: 'lmLab.trainingCurves',
  fineTune: 'lmLab.fineTune',
  evaluation: 'lmLab.evaluation',
  evaluate: 'lmLab.evaluate',
  classification: 'lmLab.classification',
} as const;
