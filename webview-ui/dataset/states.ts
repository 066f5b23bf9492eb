import { html, nothing, type TemplateResult } from 'lit';
import type { Progress } from '../../src/protocol/engine.ts';
import type { DatasetCommand } from '../../src/protocol/panels/dataset.ts';
import { CANCELLED, type Reason } from '../../src/protocol/result.ts';
import { progressText } from '../shared/progress.ts';
import { progressBar } from '../shared/progressBar.ts';
import type { PageContext } from './context.ts';

/** The file is being read for the first time. */
export function openingState({ snapshot, send }: PageContext): TemplateResult {
  const progress = snapshot.opened.progress ?? { message: 'Reading the file', done: 0, unit: 'rows' as const };
  return html`
    <section class="state" aria-label="Reading">
      <p class="loading-title">${progress.message}</p>
      ${progressBar(progress)}
      <p class="quiet steady">${progress.done > 0 ? progressText(progress) : ''}</p>
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => send({ type: 'cancel' })}>Cancel</vscode-button>
      </div>
    </section>
  `;
}

/** While what was found before stays in sight. */
export const workingLine = (progress: Progress, { send }: PageContext): TemplateResult => html`
  <div class="notice loading-line">
    <span class="grow">
      ${progress.message} <span class="quiet steady">${progress.done > 0 ? progressText(progress) : ''}</span>
    </span>
    <button class="link" @click=${() => send({ type: 'cancel' })}>Cancel</button>
    ${progressBar(progress)}
  </div>
`;

/** Where a failure leads, beside another try. */
const wayOut = ({ code }: Reason): { label: string; command: DatasetCommand } =>
  code.startsWith('model-')
    ? { label: 'Choose model…', command: 'lmLab.chooseModel' }
    : { label: 'Show log', command: 'lmLab.showLog' };

/** There is nothing in the file. */
export const emptyState = ({ send }: PageContext): TemplateResult => html`
  <section class="state" aria-label="No rows">
    <h2>This file has no rows</h2>
    <p>Write some into it and save: they are read at once. Or bring a dataset from the hub or an address.</p>
    <div class="buttons">
      <vscode-button @click=${() => send({ type: 'openFile' })}>Open the file</vscode-button>
      <vscode-button appearance="secondary" @click=${() => send({ type: 'runCommand', command: 'lmLab.getDataset' })}>
        Get Dataset…
      </vscode-button>
    </div>
  </section>
`;

/** The file could not be read: what happened, and what can be done about it. */
export function failedState(reason: Reason, { send }: PageContext): TemplateResult {
  const stopped = reason.code === CANCELLED;
  const { label, command } = wayOut(reason);
  return html`
    <section class="state" role="alert">
      <h2>
        <span class="codicon codicon-${stopped ? 'circle-slash' : 'error'}" aria-hidden="true"></span>
        ${stopped ? 'Reading was stopped' : 'This file could not be read'}
      </h2>
      ${stopped ? '' : html`<p>${reason.message}</p><p class="quiet">${reason.remedy}</p>`}
      <div class="buttons">
        <vscode-button @click=${() => send({ type: 'readAgain' })}>Read it again</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'openFile' })}>Open the file</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'runCommand', command })}>${label}</vscode-button>
      </div>
    </section>
  `;
}

/** What was asked of the data could not be done; the file is there all the same. */
export function failedLine(reason: Reason, { send }: PageContext): TemplateResult {
  const { label, command } = wayOut(reason);
  if (reason.code === CANCELLED) {
    return html`
      <div class="notice">
        <span class="codicon codicon-circle-slash" aria-hidden="true"></span>
        <span class="grow">Stopped before everything was counted.</span>
        <button class="link" @click=${() => send({ type: 'readAgain' })}>Go on</button>
      </div>
    `;
  }
  return html`
    <div class="notice failed" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="grow">${reason.message} <span class="quiet">${reason.remedy}</span></span>
      <button class="link" @click=${() => send({ type: 'readAgain' })}>Try again</button>
      <button class="link" @click=${() => send({ type: 'runCommand', command })}>${label}</button>
    </div>
  `;
}

/** The rows are there, and something is wanting until a run could learn from them. */
export function wantingLine(reason: Reason, { send }: PageContext): TemplateResult {
  const { label, command } = wayOut(reason);
  return html`
    <div class="notice" role="alert">
      <span class="codicon codicon-warning" aria-hidden="true"></span>
      <span class="grow">${reason.message} <span class="quiet">${reason.remedy}</span></span>
      ${command === 'lmLab.showLog' ? nothing : html`<button class="link" @click=${() => send({ type: 'runCommand', command })}>${label}</button>`}
    </div>
  `;
}
