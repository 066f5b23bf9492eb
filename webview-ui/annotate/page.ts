import { html, nothing, type TemplateResult } from 'lit';
import type { AnnotateStage } from '../../src/protocol/panels/annotate.ts';
import { count } from '../shared/format.ts';
import { progressText } from '../shared/progress.ts';
import { progressBar } from '../shared/progressBar.ts';
import { action } from '../shared/toolbar.ts';
import { keep, takeBack } from './actions.ts';
import type { PageContext } from './context.ts';
import { judgingView } from './judging.ts';
import { settingsView } from './settings.ts';
import { summaryView } from './summary.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  return html`<div class="page">${toolbar(context)} ${unkept(context)} ${stageView(context)}</div>`;
}

function toolbar(context: PageContext): TemplateResult {
  const { snapshot, send } = context;
  const { stage, canUndo } = snapshot;
  const resting = stage.kind === 'settings';
  const skips = stage.kind === 'judging' || (stage.kind === 'failed' && stage.prompt !== null);
  return html`
    <header class="toolbar">
      <div class="where">
        <button class="link dataset" title="Open the Dataset panel" @click=${() => send({ type: 'openDataset' })}>
          <span class="codicon codicon-table" aria-hidden="true"></span> ${snapshot.datasetName}
        </button>
        <span class="quiet steady">${countsText(context)}</span>
      </div>
      <div class="actions" role="toolbar" aria-label="Judging">
        ${
          resting
            ? nothing
            : [
                action('discard', 'Undo', 'Undo the last judgement or skip (U)', !canUndo, () => takeBack(context)),
                stage.kind === 'done'
                  ? nothing
                  : action('debug-step-over', 'Skip', 'Skip this prompt (S)', !skips, () => send({ type: 'skip' })),
                stage.kind === 'done'
                  ? nothing
                  : action('debug-pause', 'Pause', 'Leave off; it can be taken up again (Escape)', false, () =>
                      send({ type: 'pause' }),
                    ),
              ]
        }
      </div>
    </header>
  `;
}

function countsText({ snapshot: { judged, judgedAgain, skipped, total, ahead, stage } }: PageContext): string {
  const of = total === null ? '' : ` of ${count(total)}`;
  return [
    `${count(judged)}${of} judged`,
    judgedAgain > 0 && `${count(judgedAgain)} again`,
    skipped > 0 && `${count(skipped)} skipped`,
    stage.kind === 'judging' && ahead > 0 && `${count(ahead)} ready`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Why the last judgement is not in the file. */
function unkept(context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, send } = context;
  const { unkept: reason } = snapshot;
  if (!reason) return nothing;
  return html`
    <div class="notice failed" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="grow">${reason.message} ${reason.remedy}</span>
      <button class="link" @click=${() => keep(context)}>Try again</button>
      <button class="link" @click=${() => send({ type: 'chooseOutput' })}>Another file…</button>
    </div>
  `;
}

function stageView(context: PageContext): TemplateResult | typeof nothing {
  const { stage } = context.snapshot;
  switch (stage.kind) {
    case 'settings':
      return html`<div class="resting">${summaryView(context)} ${settingsView(context)}</div>`;
    case 'preparing':
      return preparing(stage, context);
    case 'judging':
      return judgingView(context);
    case 'failed':
      return failed(stage, context);
    case 'done':
      return done(context);
  }
}

function preparing({ progress }: Extract<AnnotateStage, { kind: 'preparing' }>, { send }: PageContext): TemplateResult {
  const now = progress ?? { message: 'Writing the responses', done: 0, unit: 'tokens' as const };
  return html`
    <div class="state preparing" role="status">
      <p>${now.message}… <span class="quiet steady">${progress && progress.done > 0 ? progressText(progress) : ''}</span></p>
      ${progressBar(now)}
      <div class="buttons"><vscode-button appearance="secondary" @click=${() => send({ type: 'pause' })}>Cancel</vscode-button></div>
    </div>
  `;
}

function failed({ error, prompt }: Extract<AnnotateStage, { kind: 'failed' }>, { send }: PageContext): TemplateResult {
  const ofFile = error.code.startsWith('preferences-');
  return html`
    <div class="state" role="alert">
      <h2><span class="codicon codicon-error" aria-hidden="true"></span> ${prompt === null ? 'It could not begin' : 'No responses to this prompt'}</h2>
      ${prompt === null ? nothing : html`<p class="excerpt quiet">${prompt}</p>`}
      <p>${error.message}</p>
      <p class="quiet">${error.remedy}</p>
      <div class="buttons">
        ${ofFile ? html`<vscode-button @click=${() => send({ type: 'chooseOutput' })}>Another file…</vscode-button>` : nothing}
        <vscode-button appearance=${ofFile ? 'secondary' : 'primary'} @click=${() => send({ type: 'tryAgain' })}>Try again</vscode-button>
        ${prompt === null ? nothing : html`<vscode-button appearance="secondary" @click=${() => send({ type: 'skip' })}>Skip this prompt</vscode-button>`}
        <vscode-button appearance="secondary" @click=${() => send({ type: 'pause' })}>Settings</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'runCommand', command: 'lmLab.showLog' })}>Show log</vscode-button>
      </div>
    </div>
  `;
}

function done(context: PageContext): TemplateResult {
  const { snapshot, send } = context;
  return html`
    <div class="resting">
      <div class="notice">
        <span class="codicon codicon-check" aria-hidden="true"></span>
        <span class="grow">${snapshot.summary ? 'All rows were judged or skipped.' : 'No row is left to judge: all have no prompt, or were skipped.'}</span>
        <button class="link" @click=${() => send({ type: 'pause' })}>Settings</button>
      </div>
      ${summaryView(context)}
    </div>
  `;
}
