import { HEAT_STEPS_BITS } from '../../src/protocol/heat.ts';

/** How a page draws the heat: the steps that it hides, and whether underlines go with the colours. */
export interface HeatLook {
  readonly hiddenSteps: readonly number[];
  readonly underline: boolean;
}

const ALL_STEPS = [0, ...HEAT_STEPS_BITS].map((_, step) => step);

/** The surprisal that a step of the heat stands for. */
export function stepRange(step: number): string {
  const from = HEAT_STEPS_BITS[step - 1];
  const to = HEAT_STEPS_BITS[step];
  if (from === undefined) return 'Under 1 bit';
  return to === undefined ? `${from} bits and more` : `${from} to ${to} bits`;
}

/**
 * The hidden steps after one of them was chosen: it is hidden or shown; `alone`, all others are hidden, and a second
 * time they come back. The last one in sight is never hidden.
 */
export function toggledStep(hidden: readonly number[], step: number, alone: boolean): number[] {
  const others = ALL_STEPS.filter(other => other !== step);
  const isAlone = !hidden.includes(step) && others.every(other => hidden.includes(other));
  if (isAlone) return [];
  if (alone) return others;
  return hidden.includes(step) ? hidden.filter(other => other !== step) : [...hidden, step].sort();
}
