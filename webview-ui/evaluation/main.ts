import { html, render } from 'lit';
import type {
  EvaluationIntent,
  EvaluationMessage,
  EvaluationSnapshot,
  ListedRow,
  RowQuery,
} from '../../src/protocol/panels/evaluation.ts';
import '../shared/controls.ts';
import { oncePerFrame } from '../shared/frame.ts';
import { connectToHost } from '../shared/host.ts';
import { RowPages } from '../shared/rowPages.ts';
import { announcement } from './announcement.ts';
import { type EvaluationUi, INITIAL_UI, type PageContext, type Passing } from './context.ts';
import { emptyState } from './emptyState.ts';
import { page } from './page.ts';
import './style.css';

const host = connectToHost<EvaluationMessage, EvaluationIntent, EvaluationUi>();
const rows = new RowPages<ListedRow>((version, from, count) => host.send({ type: 'rows', version, from, count }));
const NOTHING_OPEN: Passing = { row: null, goneTo: 0, votingAt: 0 };
let rowsRevision = 0;
let snapshot: EvaluationSnapshot | null = null;
let ui: EvaluationUi = { ...INITIAL_UI, ...host.saved };
let passing = NOTHING_OPEN;
let spoken = '';
const showSoon = oncePerFrame(show);

function show(): void {
  if (!snapshot) return;
  const { evaluation } = snapshot;
  const parts = { snapshot, rows, rowsRevision, ui, passing, send: host.send, change, pass, ask };
  const shown = evaluation ? page({ ...parts, evaluation } satisfies PageContext) : emptyState(snapshot, host.send);
  render(html`${shown}<div class="visually-hidden" role="status">${spoken}</div>`, document.body);
}

function change(changes: Partial<EvaluationUi>): void {
  ui = { ...ui, ...changes };
  host.save(ui);
  showSoon();
}

function pass(changes: Partial<Passing>): void {
  passing = { ...passing, ...changes };
  showSoon();
}

function ask(changes: Partial<RowQuery>): void {
  const query = { ...ui.query, ...changes };
  host.send({ type: 'query', query });
  change({ query });
}

function receive(message: EvaluationMessage): void {
  const before = snapshot;
  if (message.type === 'snapshot') snapshot = message.snapshot;
  else if (message.type === 'changes' && snapshot) snapshot = { ...snapshot, ...message.changes };
  if (!snapshot) return;
  const { evaluation, compared, query } = snapshot;
  const [folder, other] = [evaluation?.folder ?? null, compared?.folder ?? null];
  if (folder !== ui.folder) passing = NOTHING_OPEN;
  if (folder !== ui.folder || other !== ui.compared || message.type === 'snapshot') {
    const voting = folder === ui.folder && ui.voting;
    change({ folder, compared: other, query, voting });
  }
  rows.begin(snapshot.rows.version);
  spoken = announcement(before?.evaluation ?? null, evaluation) ?? spoken;
}

host.onMessage(message => {
  receive(message);
  if (message.type === 'rows') rows.receive(message.version, message.from, message.page);
  if (message.type === 'rowsFailed') rows.fail(message.version, message.error);
  if (message.type === 'row') passing = { ...passing, row: message.row, goneTo: passing.goneTo + 1 };
  rowsRevision++;
  showSoon();
});
host.send({ type: 'ready' });
