import { html, render } from 'lit';
import type {
  GenerationsIntent,
  GenerationsMessage,
  GenerationsSnapshot,
  GenerationsView,
} from '../../src/protocol/panels/generations.ts';
import '../shared/controls.ts';
import { connectToHost } from '../shared/host.ts';
import { announcement } from './announcement.ts';
import { INITIAL_VIEW } from './context.ts';
import { page } from './page.ts';
import { received } from './received.ts';
import './style.css';

/** A moment without typing, after which the prompt is told. */
const TYPED_MILLISECONDS = 150;

const host = connectToHost<GenerationsMessage, GenerationsIntent, never>();
let snapshot: GenerationsSnapshot | null = null;
let ui = INITIAL_VIEW;
let spoken = '';
let typing: ReturnType<typeof setTimeout> | undefined;

function show(): void {
  if (!snapshot) return;
  render(
    html`${page({ snapshot, ui, send, change })}<div class="visually-hidden" role="status">${spoken}</div>`,
    document.body,
  );
}

/** The host keeps how the page looks, with what it shows. */
function change(changes: Partial<GenerationsView>): void {
  ui = { ...ui, ...changes };
  host.send({ type: 'view', view: ui });
  show();
}

/** What is typed shows at once and is told when the typing rests, or before anything else is. */
function send(intent: GenerationsIntent): void {
  if (intent.type === 'prompt') {
    if (snapshot) snapshot = { ...snapshot, prompt: intent.text };
    clearTimeout(typing);
    typing = setTimeout(tellPrompt, TYPED_MILLISECONDS);
    show();
  } else {
    if (typing !== undefined) tellPrompt();
    host.send(intent);
  }
}

function tellPrompt(): void {
  clearTimeout(typing);
  typing = undefined;
  if (snapshot) host.send({ type: 'prompt', text: snapshot.prompt });
}

host.onMessage(message => {
  const before = snapshot;
  snapshot = received(snapshot, message);
  if (!before && snapshot) ui = { ...INITIAL_VIEW, ...snapshot.view };
  if (snapshot) spoken = announcement(before, snapshot) ?? spoken;
  show();
});
host.send({ type: 'ready' });
