import { html, render } from 'lit';
import type { ChatIntent, ChatPanelMessage, ChatSnapshot } from '../../src/protocol/panels/chat.ts';
import '../shared/controls.ts';
import { oncePerFrame } from '../shared/frame.ts';
import { connectToHost } from '../shared/host.ts';
import { announcement } from './announcement.ts';
import { INITIAL_UI, type UiState } from './context.ts';
import { page } from './page.ts';
import { keepEndsInSight } from './scrolling.ts';
import { withStreamed } from './streamed.ts';
import './style.css';

const host = connectToHost<ChatPanelMessage, ChatIntent, UiState>();
let snapshot: ChatSnapshot | null = null;
let ui: UiState = { ...INITIAL_UI, ...host.saved, draft: null }; // the host has every draft
let spoken = '';
const showSoon = oncePerFrame(show);

function show(): void {
  if (!snapshot) return;
  const context = { snapshot, ui, send: host.send, change };
  keepEndsInSight(() =>
    render(html`${page(context)}<div class="visually-hidden" role="status">${spoken}</div>`, document.body),
  );
}

function change(changes: Partial<UiState>): void {
  const { editing } = ui;
  ui = { ...ui, ...changes };
  host.save(ui);
  show();
  if (ui.editing?.turn !== editing?.turn) focusWriting();
}

/** What is rewritten, else what is written. */
function focusWriting(): void {
  document.querySelector<HTMLElement>('.turn .writing[autofocus], #message')?.focus();
}

function receive(next: ChatSnapshot): void {
  spoken = announcement(snapshot, next) ?? spoken;
  const first = snapshot === null;
  snapshot = next;
  if (!first) return showSoon();
  show();
  focusWriting();
}

host.onMessage(message => {
  if (message.type === 'snapshot') receive(message.snapshot);
  else if (!snapshot) return;
  else if (message.type === 'changes') receive({ ...snapshot, ...message.changes });
  else {
    snapshot = { ...snapshot, turns: withStreamed(snapshot.turns, message) };
    showSoon();
  }
});

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || snapshot?.state.kind !== 'replying') return;
  event.preventDefault();
  host.send({ type: 'stop' });
});

host.send({ type: 'ready' });
