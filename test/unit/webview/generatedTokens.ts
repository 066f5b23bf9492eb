import type { Branch, BranchToken, ColumnResult } from '../../../src/protocol/panels/generations.ts';

/** A token that was generated; what is not given does not matter. */
export const generated = (text: string, given: Partial<BranchToken> = {}): BranchToken => ({
  id: text.length,
  text,
  adds: text,
  probability: 0.5,
  rank: 1,
  entropy: 1,
  left: { tokens: 1, probability: 1, chance: 1 },
  ...given,
});

export const branch = (id: number, given: Partial<Branch> = {}): Branch => ({
  id,
  parent: null,
  shared: 0,
  tokens: [],
  state: 'length',
  ...given,
});

export const resultOf = (branches: readonly Branch[], given: Partial<ColumnResult> = {}): ColumnResult => ({
  prompt: 'Once',
  model: 'starter',
  settings: { decoding: 'greedy', maxNewTokens: 10 },
  device: 'cpu',
  branches,
  selected: 0,
  beams: [],
  progress: null,
  error: null,
  ...given,
});
