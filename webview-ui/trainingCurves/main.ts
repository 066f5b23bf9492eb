import { html, render } from 'lit';
import type { TrainingCurvesIntent, TrainingCurvesMessage } from '../../src/protocol/panels/trainingCurves.ts';
import '../shared/controls.ts';
import { oncePerFrame } from '../shared/frame.ts';
import { connectToHost } from '../shared/host.ts';
import { announcement } from './announcement.ts';
import { type CurvesUi, INITIAL_UI, type PageContext } from './context.ts';
import { CurvesStore } from './data/store.ts';
import { page } from './page.ts';
import './style.css';

const host = connectToHost<TrainingCurvesMessage, TrainingCurvesIntent, CurvesUi>();
const store = new CurvesStore();
let ui: CurvesUi = { ...INITIAL_UI, ...host.saved };
let spoken = '';
const showSoon = oncePerFrame(show);

function show(): void {
  const { snapshot } = store;
  if (!snapshot) return;
  const context: PageContext = { store, runs: snapshot.runs, ui, send: host.send, change };
  render(html`${page(context)}<div class="visually-hidden" role="status">${spoken}</div>`, document.body);
}

function change(changes: Partial<CurvesUi>): void {
  ui = { ...ui, ...changes };
  host.save(ui);
  showSoon();
}

host.onMessage(message => {
  const before = store.snapshot?.runs ?? [];
  store.receive(message);
  const runs = store.snapshot?.runs ?? [];
  spoken = announcement(before, runs) ?? spoken;
  const folders = runs.map(({ folder }) => folder);
  const others = folders[0] !== ui.folders[0];
  if (message.type !== 'grown' && folders.length > 0) change({ folders, ...(others && { zoom: null, step: null }) });
  else showSoon();
});
host.send({ type: 'ready' });
