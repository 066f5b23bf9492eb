import { html, type TemplateResult } from 'lit';
import type { Progress } from '../../src/protocol/engine.ts';
import type { TokenProbabilitiesCommand } from '../../src/protocol/panels/tokenProbabilities.ts';
import type { Reason } from '../../src/protocol/result.ts';
import { progressText } from '../shared/progress.ts';
import { progressBar } from '../shared/progressBar.ts';
import type { PageContext } from './context.ts';

/** Nothing has been scored yet: what to do first. */
export function emptyState({ send }: PageContext): TemplateResult {
  return html`
    <section class="state" aria-label="Nothing scored yet">
      <h2>How likely is your text?</h2>
      <p>
        Select a sentence in an editor and choose <b>Score Perplexity</b> from its context menu. Each token then shows
        how likely the model found it, and what it expected instead.
      </p>
      <div class="buttons">
        <vscode-button @click=${() => send({ type: 'runCommand', command: 'lmLab.openSamples' })}>
          Open the samples
        </vscode-button>
        <vscode-button
          appearance="secondary"
          @click=${() => send({ type: 'runCommand', command: 'lmLab.scoreFile' })}
        >
          Score the open file
        </vscode-button>
      </div>
    </section>
  `;
}

/** What is being done, how much of it, how long it still takes, and how to stop it. */
export function loadingState(progress: Progress, { send }: PageContext): TemplateResult {
  return html`
    <section class="state" aria-label="Scoring">
      <p class="loading-title">${progress.message}</p>
      ${progressBar(progress)}
      <p class="quiet steady">${progressText(progress)}</p>
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => send({ type: 'cancel' })}>Cancel</vscode-button>
      </div>
    </section>
  `;
}

/** While earlier results stay in sight. */
export function loadingLine(progress: Progress, { send }: PageContext): TemplateResult {
  return html`
    <div class="notice loading-line">
      <span class="grow">${progress.message} <span class="quiet steady">${progressText(progress)}</span></span>
      <button class="link" @click=${() => send({ type: 'cancel' })}>Cancel</button>
      ${progressBar(progress)}
    </div>
  `;
}

/** Where else a failure leads than to another try: to the models, where it is about one, else to the log. */
export const wayOut = ({ code }: Reason): { label: string; command: TokenProbabilitiesCommand } =>
  code.startsWith('model-')
    ? { label: 'Choose model…', command: 'lmLab.chooseModel' }
    : { label: 'Show log', command: 'lmLab.showLog' };

/** What happened, and what can be done about it. */
export function failedState(reason: Reason, { send }: PageContext): TemplateResult {
  const { message, remedy } = reason;
  const { label, command } = wayOut(reason);
  return html`
    <section class="state" role="alert">
      <h2><span class="codicon codicon-error" aria-hidden="true"></span> Scoring failed</h2>
      <p>${message}</p>
      <p class="quiet">${remedy}</p>
      <div class="buttons">
        <vscode-button @click=${() => send({ type: 'scoreAgain' })}>Try again</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'runCommand', command })}>
          ${label}
        </vscode-button>
      </div>
    </section>
  `;
}
