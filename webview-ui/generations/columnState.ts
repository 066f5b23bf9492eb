import { html, nothing, type TemplateResult } from 'lit';
import { isUnderWay } from '../../src/protocol/branches.ts';
import type { ColumnResult } from '../../src/protocol/panels/generations.ts';
import type { Reason } from '../../src/protocol/result.ts';
import { progressText } from '../shared/progress.ts';
import { progressBar } from '../shared/progressBar.ts';
import { problemsOf } from '../shared/settingProblems.ts';
import type { PageContext, ShownColumn } from './context.ts';

type View = TemplateResult | typeof nothing;

/** What is to be said of a column before its text: nothing made yet, preparing, failed, or made of something else. */
export function columnState({ column, result, tokens }: ShownColumn, { snapshot, send }: PageContext): View {
  if (!result) return html`<p class="quiet not-run">Not run yet.</p>`;
  if (result.error) {
    // What is wrong with settings is told by the names that the form has for them.
    const [problem] = problemsOf(result.settings).values();
    return failed(problem ?? result.error, column.id, send);
  }
  if (isUnderWay(result)) return tokens.length === 0 && result.beams.length === 0 ? preparing(result) : nothing;
  const changed = whatChanged(result, column.settings, snapshot.prompt);
  if (changed === null) return nothing;
  return html`
    <p class="stale quiet">
      <span class="codicon codicon-history" aria-hidden="true"></span> Made with ${changed}.
      <button class="link" @click=${() => send({ type: 'run', column: column.id })}>Run again</button>
    </p>
  `;
}

function preparing({ progress }: ColumnResult): TemplateResult {
  if (!progress)
    return html`<div class="preparing">${progressBar({ message: 'Waiting', done: 0, unit: 'tokens' })}</div>`;
  return html`
    <div class="preparing">
      ${progressBar(progress)}
      <p class="quiet steady">${progress.message} ${progressText(progress)}</p>
    </div>
  `;
}

function failed({ message, remedy }: Reason, column: string, send: PageContext['send']): TemplateResult {
  return html`
    <div class="failed" role="alert">
      <p><span class="codicon codicon-error" aria-hidden="true"></span> ${message}</p>
      <p class="quiet">${remedy}</p>
      <button class="link" @click=${() => send({ type: 'run', column })}>Try again</button>
      <button class="link" @click=${() => send({ type: 'runCommand', command: 'lmLab.showLog' })}>Show log</button>
    </div>
  `;
}

function whatChanged(result: ColumnResult, settings: ColumnResult['settings'], prompt: string): string | null {
  const changed = [
    result.prompt === prompt ? '' : 'another prompt',
    JSON.stringify(result.settings) === JSON.stringify(settings) ? '' : 'other settings',
  ].filter(part => part !== '');
  return changed.length > 0 ? changed.join(' and ') : null;
}
