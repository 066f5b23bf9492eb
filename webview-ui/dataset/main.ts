import { html, render } from 'lit';
import type { DatasetRequest, DatasetRow } from '../../src/protocol/dataset.ts';
import type {
  DatasetIntent,
  DatasetMessage,
  DatasetPage,
  DatasetSnapshot,
  DatasetView,
} from '../../src/protocol/panels/dataset.ts';
import '../shared/controls.ts';
import { connectToHost } from '../shared/host.ts';
import { announcement } from './announcement.ts';
import type { Passing } from './context.ts';
import { page } from './page.ts';
import { isAnswer, received } from './received.ts';
import { RowPages } from '../shared/rowPages.ts';
import './style.css';

const host = connectToHost<DatasetMessage, DatasetIntent, { readonly file: string }>();
const rows = new RowPages<DatasetRow, DatasetPage>((version, from, count) =>
  host.send({ type: 'rows', version, from, count }),
);
let rowsRevision = 0;
let snapshot: DatasetSnapshot | null = null;
let passing: Passing = { draft: null, goneTo: 0 };
/** The last edit that the host has not taken over yet. */
let awaited: DatasetRequest | null = null;
let spoken = '';

function show(): void {
  if (!snapshot) return;
  const context = { snapshot, rows, rowsRevision, passing, send: host.send, edit, look, pass };
  render(html`${page(context)}<div class="visually-hidden" role="status">${spoken}</div>`, document.body);
}

/** What is set shows at once, before the host has answered. */
function edit(request: DatasetRequest): void {
  if (snapshot) snapshot = { ...snapshot, request };
  awaited = request;
  host.send({ type: 'edit', request });
  show();
}

/** The host keeps how the page looks, with what it shows. */
function look(changes: Partial<DatasetView>): void {
  if (!snapshot) return;
  const view = { ...snapshot.view, ...changes };
  snapshot = { ...snapshot, view };
  host.send({ type: 'view', view });
  show();
}

function pass(changes: Partial<Passing>): void {
  passing = { ...passing, ...changes };
  show();
}

host.onMessage(message => {
  const before = snapshot;
  snapshot = received(snapshot, message, awaited);
  if (awaited && isAnswer(message, awaited)) awaited = null;
  if (message.type === 'rows') rows.receive(message.version, message.from, message.page);
  if (message.type === 'rowsFailed') rows.fail(message.version, message.error);
  if (message.type === 'goTo') passing = { ...passing, goneTo: passing.goneTo + 1 };
  if (snapshot) {
    if (!before) host.save({ file: snapshot.request.dataset.file });
    if (snapshot.opened.value) rows.begin(snapshot.rowsVersion);
    spoken = announcement(before, snapshot) ?? spoken;
    rowsRevision++;
  }
  show();
});
host.send({ type: 'ready' });
