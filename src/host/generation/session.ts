import type * as vscode from 'vscode';
import { isUnderWay } from '../../protocol/branches.ts';
import type {
  ColumnResult,
  GenerationsSession,
  NamedSettings,
  PastRequest,
} from '../../protocol/panels/generations.ts';
import { keep, kept } from '../keptFile.ts';
import { newColumn } from './columns.ts';
import { FIRST_COLUMNS } from './presets.ts';
import { ended } from './results.ts';

// What outlives the window: prompt, columns and results as a file, names and history in the workspace's memory.

const FILE = 'generations.json';
const NAMED = 'lmLab.namedSettings';
const HISTORY = 'lmLab.generationHistory';

/** Larger results are not kept: reading them back would take longer than a person waits for a window. */
const KEPT_TOKENS = 20_000;
const PAST_REQUESTS = 50;

export const firstSession = (): GenerationsSession => ({
  prompt: '',
  columns: FIRST_COLUMNS.map(newColumn),
  results: {},
  view: null,
});

export function keepSession(folder: vscode.Uri, session: GenerationsSession): Promise<void> {
  const results = Object.values(session.results);
  const ofBranches = results.flatMap(({ branches }) => branches).flatMap(branch => branch.tokens).length;
  const ofBeams = results.flatMap(({ beams }) => beams.flat()).length;
  const tokens = ofBranches + ofBeams;
  return keep(folder, FILE, { ...session, ...(tokens > KEPT_TOKENS && { results: {} }) });
}

/** The session that was kept. What was under way when the window went has stopped. */
export async function keptSession(folder: vscode.Uri): Promise<GenerationsSession | undefined> {
  const session = await kept<GenerationsSession>(folder, FILE);
  if (!session) return undefined;
  const results = Object.entries(session.results).map(([column, result]) => [column, stopped(result)]);
  return { ...session, results: Object.fromEntries(results) };
}

export const stopped = (result: ColumnResult): ColumnResult =>
  isUnderWay(result)
    ? ended(
        result,
        result.branches.map(({ id }) => id),
        'stopped',
      )
    : result;

export const namedSettings = (memory: vscode.Memento): readonly NamedSettings[] => memory.get(NAMED, []);

/** With settings under a name; those that had it before go. */
export const nameSettings = (memory: vscode.Memento, named: NamedSettings): Thenable<void> =>
  memory.update(NAMED, [...namedSettings(memory).filter(({ name }) => name !== named.name), named]);

export const forgetSettings = (memory: vscode.Memento, forgotten: string): Thenable<void> =>
  memory.update(
    NAMED,
    namedSettings(memory).filter(({ name }) => name !== forgotten),
  );

export const history = (memory: vscode.Memento): readonly PastRequest[] => memory.get(HISTORY, []);

/** With a request in front; the same one asked again only moves there. */
export function remember(memory: vscode.Memento, request: PastRequest): Thenable<void> {
  const key = ({ prompt, columns }: PastRequest): string =>
    JSON.stringify([prompt, columns.map(({ model, settings }) => [model, settings])]);
  const others = history(memory).filter(past => key(past) !== key(request));
  return memory.update(HISTORY, [request, ...others].slice(0, PAST_REQUESTS));
}

export const clearHistory = (memory: vscode.Memento): Thenable<void> => memory.update(HISTORY, []);
