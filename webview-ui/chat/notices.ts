import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../../src/protocol/result.ts';
import type { ChatCommand } from '../../src/protocol/panels/chat.ts';
import type { PageContext } from './context.ts';

type View = TemplateResult | typeof nothing;

/** One quiet line each: a reply that failed, what can be undone, and that the model was not trained to chat. */
export function notices(context: PageContext): View[] {
  const { state, undoable } = context.snapshot;
  return [
    state.kind === 'failed' ? failedLine(state.error, context) : nothing,
    undoable === null ? nothing : undoLine(undoable, context),
    untrainedLine(context),
  ];
}

const REMEDIES: Readonly<Record<string, readonly [title: string, command: ChatCommand]>> = {
  'engine-stopped': ['Restart engine', 'lmLab.restartEngine'],
  'model-unknown': ['Choose a model', 'lmLab.chooseModel'],
  'model-folder-gone': ['Choose a model', 'lmLab.chooseModel'],
  'model-not-downloaded': ['Download it', 'lmLab.downloadModel'],
};

function failedLine({ code, message, remedy }: Reason, { snapshot, send }: PageContext): TemplateResult {
  const last = snapshot.turns.at(-1);
  const command = REMEDIES[code];
  return html`
    <div class="notice failed" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="grow">${message} ${remedy}</span>
      ${last ? html`<button class="link" @click=${() => send({ type: 'regenerate', turn: last.id })}>Try again</button>` : nothing}
      ${command ? html`<button class="link" @click=${() => send({ type: 'runCommand', command: command[1] })}>${command[0]}</button>` : nothing}
      <button class="link" @click=${() => send({ type: 'runCommand', command: 'lmLab.showLog' })}>Show log</button>
    </div>
  `;
}

const undoLine = (what: string, { send }: PageContext): TemplateResult => html`
  <div class="notice" role="status">
    <span class="codicon codicon-discard" aria-hidden="true"></span>
    <span class="grow">${what}</span>
    <button class="link" @click=${() => send({ type: 'undo' })}>Undo</button>
  </div>
`;

function untrainedLine({ snapshot, ui, send, change }: PageContext): View {
  const { rendering, answering, offersGpt2 } = snapshot;
  if (!rendering.chat || rendering.chat.modelTemplates.length > 0 || ui.noticesClosed.includes(answering))
    return nothing;
  const close = (): void => change({ noticesClosed: [...ui.noticesClosed, answering] });
  return html`
    <div class="notice">
      <span class="codicon codicon-info" aria-hidden="true"></span>
      <span class="grow">${answering} was not trained to chat: it goes on with the text.</span>
      ${
        offersGpt2
          ? html`<button class="link" @click=${() => send({ type: 'runCommand', command: 'lmLab.downloadModel' })}>Get another model</button>`
          : nothing
      }
      <button class="icon" aria-label="Close this notice" title="Close this notice" @click=${close}>
        <span class="codicon codicon-close" aria-hidden="true"></span>
      </button>
    </div>
  `;
}
