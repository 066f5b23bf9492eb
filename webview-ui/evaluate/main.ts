import { render } from 'lit';
import { evaluationProblems } from '../../src/protocol/evaluation/check.ts';
import { completeEvaluation } from '../../src/protocol/evaluation/defaults.ts';
import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';
import type { EvaluateIntent, EvaluateMessage, EvaluateSnapshot } from '../../src/protocol/panels/evaluate.ts';
import { withField } from '../../src/protocol/run/edit.ts';
import '../shared/controls.ts';
import { oncePerFrame } from '../shared/frame.ts';
import { connectToHost } from '../shared/host.ts';
import { startOnCtrlEnter } from '../shared/requestForm.ts';
import { INITIAL_UI, type UiState } from './context.ts';
import { page } from './page.ts';
import './style.css';

const host = connectToHost<EvaluateMessage, EvaluateIntent, UiState>();
let snapshot: EvaluateSnapshot | null = null;
let ui: UiState = { ...INITIAL_UI, ...host.saved };
/** The request as it is written here. */
let request: EvaluationRequest | null = null;
const showSoon = oncePerFrame(show);

function show(): void {
  if (!snapshot || !request) return;
  const problems = new Map(
    evaluationProblems(request, snapshot.opened.value).map(problem => [problem.path, problem] as const),
  );
  const spec = completeEvaluation(request);
  render(page({ snapshot, request, spec, problems, ui, set, edit, send: host.send, change }), document.body);
}

function set(path: string, value: unknown): void {
  if (request) edit(withField({ ...request }, path.split('.'), value) as unknown as EvaluationRequest);
}

function edit(next: EvaluationRequest): void {
  request = next;
  host.send({ type: 'edit', request });
  showSoon();
}

function change(changes: Partial<UiState>): void {
  ui = { ...ui, ...changes };
  host.save(ui);
  showSoon();
}

host.onMessage(message => {
  if (message.type === 'snapshot') {
    if (message.snapshot.version !== snapshot?.version) request = message.snapshot.request;
    snapshot = message.snapshot;
  } else if (snapshot) snapshot = { ...snapshot, ...message.changes };
  showSoon();
});

startOnCtrlEnter();
host.send({ type: 'ready' });
