import { html, render } from 'lit';
import type {
  AnnotateIntent,
  AnnotateMessage,
  AnnotateSnapshot,
  SavedAnnotatePage,
} from '../../src/protocol/panels/annotate.ts';
import '../shared/controls.ts';
import { connectToHost } from '../shared/host.ts';
import { announcement } from './announcement.ts';
import type { Judging, PageContext } from './context.ts';
import { onKey } from './keys.ts';
import { noMarks } from './marks.ts';
import { page } from './page.ts';
import './style.css';

const host = connectToHost<AnnotateMessage, AnnotateIntent, SavedAnnotatePage>();
let snapshot: AnnotateSnapshot | null = null;
let judging: Judging | null = null;
let spoken = '';
/** What was marked of an item when the page went; it is used once. */
let begun = host.saved?.begun ?? null;

const contextOf = (snapshot: AnnotateSnapshot): PageContext => ({ snapshot, judging, send: host.send, change });

function show(): void {
  if (!snapshot) return;
  render(html`${page(contextOf(snapshot))}<div class="visually-hidden" role="status">${spoken}</div>`, document.body);
}

function change(changes: Partial<Judging>): void {
  if (!judging) return;
  const moved = changes.at !== undefined && changes.at !== judging.at;
  judging = { ...judging, ...changes };
  keepMarks();
  show();
  if (moved) focusResponse();
}

/** Keys are about the response that has the focus. A new item is read from its beginning. */
function focusResponse(preventScroll = false): void {
  const response = document.querySelector<HTMLElement>('.response.at');
  if (response && !response.contains(document.activeElement)) response.focus({ preventScroll });
}

function keepMarks(): void {
  if (!snapshot) return;
  const now = judging && { prompt: judging.item.prompt, responses: judging.item.responses, marks: judging.marks };
  host.save({ file: snapshot.file, begun: now });
}

/** The item that is shown now, with what was marked of it already. */
function takeItem({ stage }: AnnotateSnapshot): boolean {
  if (stage.kind !== 'judging') {
    judging = null;
    return false;
  }
  const { item } = stage;
  if (judging?.item.id === item.id) return false;
  const same = begun?.prompt === item.prompt && JSON.stringify(begun.responses) === JSON.stringify(item.responses);
  judging = { item, marks: same && begun ? begun.marks : noMarks(item.responses.length), at: 0 };
  begun = null;
  return true;
}

host.onMessage(message => {
  const before = snapshot;
  if (message.type === 'snapshot') snapshot = message.snapshot;
  else if (snapshot) snapshot = { ...snapshot, ...message.changes };
  if (!snapshot) return;
  const isNew = takeItem(snapshot);
  spoken = announcement(before, snapshot) ?? spoken;
  if (before?.stage.kind !== 'preparing' || snapshot.stage.kind !== 'preparing') keepMarks();
  show();
  if (isNew) {
    document.querySelector('.judging')?.scrollTo(0, 0);
    focusResponse(true);
  }
});
window.addEventListener('keydown', event => {
  if (snapshot) onKey(event, contextOf(snapshot));
});
host.send({ type: 'ready' });
