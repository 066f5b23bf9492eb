import type { Curve, CurveRole } from '../data/plotGroups.ts';

/** Custom properties of style.css, one a run; where there is one run, one a curve. */
export const PALETTE = [
  '--curve-1',
  '--curve-2',
  '--curve-3',
  '--curve-4',
  '--curve-5',
  '--curve-6',
  '--curve-7',
] as const;

/** Numbers of the palette. An evaluation of one of several runs has its run's colour, stronger. */
export interface CurveColour {
  readonly index: number;
  readonly strong: boolean;
}

const ROLE_INDEX: Readonly<Record<CurveRole, number>> = { steps: 0, validation: 1, train: 0, epoch: 2 };

/** Which colour a curve has: with one run by what it is of, with several by run. */
export function colourOf(curve: Curve, at: number, run: number, runs: number): CurveColour {
  if (runs > 1) return { index: run % PALETTE.length, strong: curve.role !== 'steps' };
  // Curves of several metrics, such as chosen and rejected, are told apart by it, or by their place.
  const place = curve.kind ?? (curve.role === 'steps' ? at : undefined);
  const index = place === undefined ? ROLE_INDEX[curve.role] : [0, 3, 4, 5][place];
  return { index: index ?? 0, strong: curve.role === 'train' };
}

/** Evaluations are told apart by dashes as well as by colour. */
export const DASHES: Readonly<Record<CurveRole, readonly number[]>> = {
  steps: [],
  validation: [7, 4],
  train: [2, 3],
  epoch: [],
};
