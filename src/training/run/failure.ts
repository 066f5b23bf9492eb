/** What helps a run that failed, where a reason may come from anywhere. */
export const REMEDIES: Readonly<Record<string, string>> = {
  'disk-full':
    'Free some space, or set training.keepCheckpoints lower, then resume the run: its last checkpoint is whole.',
  'out-of-memory':
    'Make training.batchSize smaller and training.accumulation larger by as much, cut texts with training.maxLength, or train fewer layers.',
  unexpected: 'The run’s log.txt has the details. Resume the run to go on from its last checkpoint.',
};
