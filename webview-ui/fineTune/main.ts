import { render } from 'lit';
import type { FineTuneIntent, FineTuneMessage, FineTuneSnapshot } from '../../src/protocol/panels/fineTune.ts';
import { problemsOf, type RunProblem } from '../../src/protocol/run/check.ts';
import { complete } from '../../src/protocol/run/defaults.ts';
import { tidied, withValue } from '../../src/protocol/run/edit.ts';
import type { RunRequest, RunSpec } from '../../src/protocol/run/spec.ts';
import '../shared/controls.ts';
import { oncePerFrame } from '../shared/frame.ts';
import { connectToHost } from '../shared/host.ts';
import { startOnCtrlEnter } from '../shared/requestForm.ts';
import { INITIAL_UI, type UiState } from './context.ts';
import { page } from './page.ts';
import './style.css';

const host = connectToHost<FineTuneMessage, FineTuneIntent, UiState>();
let snapshot: FineTuneSnapshot | null = null;
let ui: UiState = { ...INITIAL_UI, ...host.saved };
/** The request as it is written here, with all that follows from it alone. */
let written: { readonly request: RunRequest; readonly spec: RunSpec; readonly own: readonly RunProblem[] } | null =
  null;
const showSoon = oncePerFrame(show);

function write(request: RunRequest): void {
  written = { request, spec: complete(request), own: problemsOf(sent(request)) };
}

/** What a run gets of it: not what the method, the optimizer or another field leaves without effect. */
const sent = (request: RunRequest): RunRequest => tidied(request);

function show(): void {
  if (!snapshot || !written) return;
  const all = [...written.own, ...snapshot.problems];
  const problems = new Map(all.map(problem => [problem.path, problem]));
  render(
    page({ snapshot, request: written.request, spec: written.spec, problems, ui, set, send: host.send, change }),
    document.body,
  );
}

function set(path: string, value: unknown): void {
  if (!written) return;
  write(withValue(written.request, path, value));
  host.send({ type: 'edit', request: sent(written.request) });
  showSoon();
}

function change(changes: Partial<UiState>): void {
  ui = { ...ui, ...changes };
  host.save(ui);
  showSoon();
}

host.onMessage(message => {
  if (message.type === 'snapshot') {
    if (message.snapshot.version !== snapshot?.version) write(message.snapshot.request);
    snapshot = message.snapshot;
  } else if (snapshot) snapshot = { ...snapshot, ...message.changes };
  showSoon();
});

startOnCtrlEnter();
host.send({ type: 'ready' });
