import type { DatasetRequest, DatasetRow } from '../../src/protocol/dataset.ts';
import type { DatasetIntent, DatasetPage, DatasetSnapshot, DatasetView } from '../../src/protocol/panels/dataset.ts';
import type { DatasetStep, MethodName } from '../../src/protocol/run/spec.ts';
import type { RowPages } from '../shared/rowPages.ts';
import type { Roles } from './roles.ts';

/** What is being written and is no step yet. */
export type DraftStep = Extract<DatasetStep, { filter: string } | { derive: object }>;

/** What the page alone knows, and forgets when it goes. */
export interface Passing {
  readonly draft: DraftStep | null;
  /** Counts how often a row was asked to be brought in sight. */
  readonly goneTo: number;
}

/** All that a view draws from and answers to. */
export interface PageContext {
  readonly snapshot: DatasetSnapshot;
  readonly rows: RowPages<DatasetRow, DatasetPage>;
  /** Goes up with all that comes into `rows`. */
  readonly rowsRevision: number;
  readonly passing: Passing;
  send(intent: DatasetIntent): void;
  /** The request is another one from now on. */
  edit(request: DatasetRequest): void;
  look(view: Partial<DatasetView>): void;
  pass(passing: Partial<Passing>): void;
}

/** The method that is chosen, else the one that the roles suggest. */
export const methodOf = ({ request, opened }: DatasetSnapshot): MethodName | null =>
  request.method ?? opened.value?.method ?? null;

/** Whether the loss of the method is over tokens; else rows are scored as a whole. */
export function scoresTokens(snapshot: DatasetSnapshot): boolean {
  const method = methodOf(snapshot);
  return method === 'lm' || method === 'sft' || method === 'dpo';
}

export const rolesOf = ({ opened }: DatasetSnapshot): Roles => opened.value?.roles ?? {};

/** The columns after the steps, as far as they are known. */
export const columnsOf = ({ description, opened }: DatasetSnapshot) =>
  description.value?.columns ?? opened.value?.columns ?? [];

/** Brings a row in sight, lays it open, and shows its line in the editor. */
export function goToRow({ snapshot, send, pass, passing }: PageContext, row: number, line: number | undefined): void {
  const { shown } = snapshot;
  if (shown.part !== null || shown.afterSteps !== null) send({ type: 'show', shown: { part: null, afterSteps: null } });
  send({ type: 'chooseRow', row });
  pass({ goneTo: passing.goneTo + 1 });
  if (line !== undefined && snapshot.hasLines) send({ type: 'reveal', line, open: true });
}
