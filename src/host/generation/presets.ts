import type { NamedSettings } from '../../protocol/panels/generations.ts';

const maxNewTokens = 40;

/** Decoding settings to start from; each shows what one option does. */
export const PRESETS: readonly NamedSettings[] = [
  { name: 'greedy', settings: { decoding: 'greedy', maxNewTokens } },
  { name: 'beam 4', settings: { decoding: 'beam', maxNewTokens, beams: 4 } },
  { name: 'T 0.7', settings: { decoding: 'sample', maxNewTokens, temperature: 0.7 } },
  { name: 'T 0.8 top-p 0.9', settings: { decoding: 'sample', maxNewTokens, temperature: 0.8, topP: 0.9 } },
  { name: 'top-k 50', settings: { decoding: 'sample', maxNewTokens, topK: 50 } },
  { name: 'min-p 0.05', settings: { decoding: 'sample', maxNewTokens, minP: 0.05 } },
  { name: 'typical 0.95', settings: { decoding: 'sample', maxNewTokens, typicalP: 0.95 } },
];

/** What a panel that is opened for the first time has: the three ways to decode, side by side. */
export const FIRST_COLUMNS = PRESETS.filter(({ name }) => ['greedy', 'beam 4', 'T 0.8 top-p 0.9'].includes(name));
