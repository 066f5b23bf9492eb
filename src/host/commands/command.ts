import type { Lab } from '../lab.ts';

/** A command's home. `when` hides it from the palette where it can't work; package.json says the same. */
export interface Command<Arguments extends unknown[] = never[]> {
  readonly run: (lab: Lab, ...given: Arguments) => unknown;
  readonly when?: string;
}

export type CommandTable = Readonly<Record<`lmLab.${string}`, Command>>;
