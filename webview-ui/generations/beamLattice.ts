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

/**
 * The steps as cells. `best` has the token ids of the text that was returned first; while there is none, the best text
 * is that of the first beam of the last step.
 */
export function beamCells(steps: readonly BeamStep[], best: readonly number[]): BeamCell[][] {
  const last = steps.length - 1;
  const rowsOf = (step: number): number[] => (steps[step] ?? []).map((_, row) => row);
  const ends = steps.flatMap((beams, step) =>
    rowsOf(step)
      .filter(row => step === last || beams[row]?.finished)
      .map(row => lineage(steps, step, row)),
  );
  const alive = new Set(ends.flat());
  const returned = rowsOf(best.length - 1)
    .map(row => lineage(steps, best.length - 1, row))
    .find(cells => cells.every((cell, step) => cell.token.id === best[step]));
  const through = new Set(returned ?? lineage(steps, last, 0));
  return steps.map((beams, step) =>
    beams.map((beam, row): BeamCell => {
      const fate = through.has(beam) ? 'best' : alive.has(beam) ? 'lives' : 'dead';
      return { step, row, beam, parentRow: step === 0 ? null : beam.parent, fate };
    }),
  );
}

/** The beams of a text, from the first step to this one. */
function lineage(steps: readonly BeamStep[], step: number, row: number): BeamState[] {
  const beams: BeamState[] = [];
  for (let [at, from] = [step, row]; at >= 0; at--) {
    const beam = steps[at]?.[from];
    if (!beam) break;
    beams.unshift(beam);
    from = beam.parent;
  }
  return beams;
}
