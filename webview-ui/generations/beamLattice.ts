import type { BeamState } from '../../src/protocol/generation.ts';
import type { BeamStep } from '../../src/protocol/panels/generations.ts';

/** A beam at one step, and what became of it. */
export interface BeamCell {
  readonly step: number;
  /** Its place in the step, from 0: the living ones best first, then those that ended. */
  readonly row: number;
  readonly beam: BeamState;
  /** Row of the beam that it continues in the step before; null in the first. */
  readonly parentRow: number | null;
  /** `best`: the best text goes through it. `lives`: a text that is still followed, or has ended, does. */
  readonly fate: 'best' | 'lives' | 'dead';
}

/** The steps as cells. The best text is that of the first beam of the last step. */
export function beamCells(steps: readonly BeamStep[]): readonly (readonly BeamCell[])[] {
  const alive = new Set<string>();
  const best = new Set<string>();
  const follow = (step: number, row: number, into: Set<string>): void => {
    for (let [at, from] = [step, row]; at >= 0; at--) {
      into.add(`${at} ${from}`);
      from = steps[at]?.[from]?.parent ?? 0;
    }
  };
  const last = steps.length - 1;
  for (const [step, beams] of steps.entries())
    for (const [row, beam] of beams.entries()) if (beam.finished || step === last) follow(step, row, alive);
  if (last >= 0) follow(last, 0, best);
  return steps.map((beams, step) =>
    beams.map((beam, row): BeamCell => {
      const key = `${step} ${row}`;
      const fate = best.has(key) ? 'best' : alive.has(key) ? 'lives' : 'dead';
      return { step, row, beam, parentRow: step === 0 ? null : beam.parent, fate };
    }),
  );
}
