import { html, render } from 'lit';
import type {
  PanelText,
  TextPlace,
  TokenProbabilitiesIntent,
  TokenProbabilitiesMessage,
  TokenProbabilitiesSnapshot,
} from '../../src/protocol/panels/tokenProbabilities.ts';
import '../shared/controls.ts';
import { connectToHost } from '../shared/host.ts';
import { announcement } from './announcement.ts';
import { INITIAL_UI, type UiState } from './context.ts';
import { page } from './page.ts';
import { withKnownScores } from './sameScores.ts';
import './style.css';

const host = connectToHost<TokenProbabilitiesMessage, TokenProbabilitiesIntent, UiState>();
let snapshot: TokenProbabilitiesSnapshot | null = null;
let ui: UiState = { ...INITIAL_UI, ...host.saved };
let spoken = '';

function show(): void {
  if (!snapshot) return;
  render(
    html`${page({ snapshot, ui, send: host.send, change })}<div class="visually-hidden" role="status">${spoken}</div>`,
    document.body,
  );
}

function change(changes: Partial<UiState>): void {
  ui = { ...ui, ...changes };
  host.save(ui);
  show();
}

function receive(next: TokenProbabilitiesSnapshot): void {
  spoken = announcement(snapshot, next) ?? spoken;
  if (snapshot?.state.kind === 'loading' && next.state.kind === 'ready') ui = { ...ui, focus: null };
  const kept = snapshot === null && ui.selected !== next.selected && ui.selected < next.texts.length;
  const selected = kept ? ui.selected : next.selected;
  if (kept) host.send({ type: 'selectText', text: selected });
  snapshot = { ...next, selected, texts: withKnownScores(snapshot?.texts ?? [], next.texts) };
  ui = { ...ui, selected };
  host.save(ui);
  show();
}

const placed = (texts: readonly PanelText[], places: readonly TextPlace[]): PanelText[] =>
  texts.map((text, i) => ({ ...text, ...places[i] }));

host.onMessage(message => {
  switch (message.type) {
    case 'snapshot':
      return receive(message.snapshot);
    case 'changes':
      return snapshot && receive({ ...snapshot, ...message.changes });
    case 'places':
      return snapshot && receive({ ...snapshot, texts: placed(snapshot.texts, message.places) });
    case 'focus':
      if (message.token && message.token.text !== snapshot?.selected) {
        host.send({ type: 'selectText', text: message.token.text });
      }
      return change({ focus: message.token });
  }
});
host.send({ type: 'ready' });
