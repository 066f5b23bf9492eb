import { html, render } from 'lit';
import type {
  ClassificationIntent,
  ClassificationMessage,
  ClassificationSnapshot,
} from '../../src/protocol/panels/classification.ts';
import '../shared/controls.ts';
import { oncePerFrame } from '../shared/frame.ts';
import { connectToHost } from '../shared/host.ts';
import { percent } from '../shared/format.ts';
import { page } from './page.ts';
import './style.css';

const host = connectToHost<ClassificationMessage, ClassificationIntent, undefined>();
let snapshot: ClassificationSnapshot | null = null;
let pointed: number | null = null;
let spoken = '';
const showSoon = oncePerFrame(show);

function show(): void {
  if (!snapshot) return;
  const context = { snapshot, pointed, send: host.send, point };
  render(html`${page(context)}<div class="visually-hidden" role="status">${spoken}</div>`, document.body);
}

function point(token: number | null): void {
  if (token === pointed) return;
  pointed = token;
  showSoon();
}

/** What a screen reader is told when an answer comes. */
function announcement({ texts, labels, selected, progress }: ClassificationSnapshot): string {
  const text = texts[selected];
  if (!text || progress) return '';
  return `${text.label}, ${percent(text.probabilities[labels.indexOf(text.label)] ?? 0)}`;
}

host.onMessage(({ snapshot: next }) => {
  if (next.selected !== snapshot?.selected || next.texts !== snapshot.texts) pointed = null;
  snapshot = next;
  spoken = announcement(next);
  showSoon();
});

host.send({ type: 'ready' });
