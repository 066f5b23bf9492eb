import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

// What transformers says, as test/parity/generate writes it.

/** Relative, of a probability or a perplexity, in single precision. */
export const TOLERANCE = 1e-4;

export interface ExpectedModel {
  readonly scores: readonly ExpectedScore[];
  readonly next: readonly ExpectedNext[];
}

export interface ExpectedScore {
  readonly text: string;
  readonly firstToken: 'unscored' | 'endoftext';
  readonly ids: readonly number[];
  readonly tokens: ReadonlyArray<ExpectedToken | null>;
  readonly negativeLogLikelihood: number;
  readonly perplexity: number | null;
}

export interface ExpectedToken {
  readonly probability: number;
  /** Lowest and highest rank among the probabilities that differ by less than the tolerance. */
  readonly ranks: readonly [number, number];
  /** In bits. */
  readonly entropy: number;
  readonly top: readonly IdAndProbability[];
}

export interface ExpectedNext {
  readonly text: string;
  readonly context: readonly number[];
  readonly predictions: readonly IdAndProbability[];
}

export type IdAndProbability = readonly [id: number, probability: number];

const FIXTURES = path.resolve('test/parity/fixtures');
export const STARTER = path.resolve('models/starter');

export const readFixture = <T>(name: string): T => JSON.parse(readFileSync(path.join(FIXTURES, name), 'utf8')) as T;

/** Every fixture model and the starter: name, folder, expected values. */
export const MODELS: ReadonlyArray<readonly [name: string, folder: string, expected: ExpectedModel]> = [
  ...readdirSync(FIXTURES, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => [name, path.join(FIXTURES, name), readFixture<ExpectedModel>(`${name}/expected.json`)] as const),
  ['starter', STARTER, readFixture<ExpectedModel>('starter.json')],
];

export const relativeDifference = (actual: number, expected: number): number =>
  Math.abs(actual - expected) / Math.abs(expected);

/** The ids that may stand at each place: those of all probabilities that differ by less than the tolerance. */
export const idsAtPlace = (ranked: readonly IdAndProbability[]): number[][] =>
  ranked.map(([, here]) =>
    ranked.filter(([, probability]) => relativeDifference(probability, here) < TOLERANCE).map(([id]) => id),
  );
