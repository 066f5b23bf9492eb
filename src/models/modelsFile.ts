import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Precision, PRECISIONS } from '../protocol/precision.ts';
import { Reasoned } from '../protocol/result.ts';
import { writeAtomically } from './atomicFile.ts';
import { fileError, systemCode } from './files.ts';
import { withLock } from './lock.ts';

/** A model that somebody added; the starter needs no record. */
export interface StoredModel {
  readonly id: string;
  readonly source: 'folder' | 'hub';
  readonly folder: string;
  readonly hubName?: string;
  /** ISO 8601, UTC. */
  readonly addedAt: string;
}

/** models.json in LM Lab's folder, shared by every window and the command line. */
export interface ModelsList {
  readonly active: string;
  readonly models: readonly StoredModel[];
  /** By id, what a model is loaded in; those that nothing was chosen for are not named. */
  readonly precisions?: Readonly<Record<string, Precision>>;
}

export const STARTER = 'starter';
const EMPTY: ModelsList = { active: STARTER, models: [] };
const LOCK_WAIT_MS = 15_000;

/** @throws Reasoned `models-list-invalid` */
export async function readModelsList(home: string): Promise<ModelsList> {
  const file = join(home, 'models.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return EMPTY;
    throw fileError(error, file);
  }
  return parseList(text, file);
}

/** Reads, changes and writes the list while no other process does. */
export async function updateModelsList(
  home: string,
  change: (list: ModelsList) => ModelsList,
  signal?: AbortSignal,
): Promise<ModelsList> {
  const file = join(home, 'models.json');
  return withLock(`${file}.lock`, { waitMs: LOCK_WAIT_MS, busy: () => locked(file), signal }, async () => {
    const list = change(await readModelsList(home));
    await writeAtomically(file, handle => handle.writeFile(`${JSON.stringify(list, null, 2)}\n`));
    return list;
  });
}

function parseList(text: string, file: string): ModelsList {
  try {
    const list: unknown = JSON.parse(text);
    if (isList(list)) return list;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Reasoned(
    'models-list-invalid',
    `The list of models, "${file}", is damaged.`,
    'Repair the file, or delete it and add your models again; their files are not touched.',
  );
}

function isList(value: unknown): value is ModelsList {
  const { active, models, precisions = {} } = (value ?? {}) as Partial<Record<keyof ModelsList, unknown>>;
  const chosen = Object.values(precisions ?? {});
  return (
    typeof active === 'string' &&
    Array.isArray(models) &&
    models.every(isStoredModel) &&
    chosen.every(precision => PRECISIONS.includes(precision as Precision))
  );
}

function isStoredModel(value: unknown): value is StoredModel {
  const { id, source, folder, hubName } = (value ?? {}) as Partial<Record<keyof StoredModel, unknown>>;
  const named = source === 'folder' || (source === 'hub' && typeof hubName === 'string');
  return named && typeof id === 'string' && typeof folder === 'string';
}

const locked = (file: string): Reasoned =>
  new Reasoned(
    'models-list-locked',
    `The list of models, "${file}", is being changed by another window or command.`,
    'Try again in a moment.',
  );
