import type { SampleSettings } from '../protocol/generation.ts';
import { shareOfTopP } from './filters.ts';
import { filtersOf, penaltiesOf } from './processors.ts';
import type { Uniform } from './sampler.ts';

/** How the tokens of a text are drawn, where that depends on nothing but the model's numbers for each. */
export interface Drawing {
  readonly temperature: number;
  /** How many of the best stay; null for all. */
  readonly topK: number | null;
  /** The share of what top-k left that stays at least; above 1 for all. */
  readonly topP: number;
  /** How far below the best a score may be, at most 0. */
  readonly minP: number;
  readonly uniform: Uniform;
  /** Whether what is told of the tokens is what filters left; else they left all. */
  readonly isFiltered: boolean;
}

const ALL = { temperature: 1, topK: null, topP: 2, minP: Number.NEGATIVE_INFINITY, isFiltered: false } as const;

/** The likeliest token: of equal ones, which all stay, the first. */
export const LIKELIEST: Drawing = { ...ALL, topK: 1, uniform: () => 0 };

/** What sampling without any filter draws. */
export const atTemperatureAlone = (temperature: number, uniform: Uniform): Drawing => ({
  ...ALL,
  temperature,
  uniform,
});

/** Null for settings that depend on the tokens that came, or on ids, or do not leave the likeliest. */
export function drawingOf(settings: SampleSettings, uniform: Uniform): Drawing | null {
  const { temperature, topK, topP, minP, typicalP = 1 } = settings;
  if (penaltiesOf(settings).length > 0 || typicalP < 1) return null;
  return {
    temperature: temperature ?? ALL.temperature,
    topK: topK ?? ALL.topK,
    topP: topP === undefined || topP === 1 ? ALL.topP : shareOfTopP(topP),
    minP: minP === undefined ? ALL.minP : Math.log(minP),
    uniform,
    isFiltered: filtersOf(settings).length > 0,
  };
}
