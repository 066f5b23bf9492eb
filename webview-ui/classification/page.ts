import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../../src/protocol/result.ts';
import { progressBar } from '../shared/progressBar.ts';
import { action, chooser } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';
import { evolutionChart, evolvingText, probabilities } from './evolution.ts';
import { textList } from './texts.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const { snapshot } = context;
  const text = snapshot.texts[snapshot.selected];
  return html`
    <div class="page">
      ${toolbar(context)}
      ${snapshot.progress ? loading(context) : nothing}
      ${snapshot.error ? failed(snapshot.error, context) : nothing}
      ${!text && !snapshot.progress && !snapshot.error ? empty(context) : nothing}
      <div class="results">
        ${textList(context)}
        ${text ? html`<div class="open">${probabilities(text, context)} ${evolvingText(text, context)} ${evolutionChart(text, context)}</div>` : nothing}
      </div>
    </div>
  `;
}

function toolbar({ snapshot, send }: PageContext): TemplateResult {
  const { classifiers, model, device, texts } = snapshot;
  const known = model === '' || classifiers.some(({ id }) => id === model);
  const models = known ? classifiers : [{ id: model, label: model }, ...classifiers];
  return html`
    <header class="toolbar">
      <div class="choosers">
        ${chooser('Classifier', models, model, models.length === 0, id => send({ type: 'chooseModel', model: id }))}
        ${device ? html`<span class="device" title="The model runs on ${device}.">${device}</span>` : nothing}
      </div>
      <div class="actions" role="toolbar" aria-label="Classification">
        ${action('copy', '', 'Copy labels and probabilities as a table', texts.length === 0, () => send({ type: 'copy' }))}
      </div>
    </header>
  `;
}

function loading({ snapshot, send }: PageContext): TemplateResult {
  const { progress } = snapshot;
  return html`
    <div class="notice loading-line" role="status">
      <span class="grow">${progress?.message}${progress?.total ? ` ${progress.done} of ${progress.total}` : '…'}</span>
      <button class="link" @click=${() => send({ type: 'cancel' })}>Cancel</button>
      ${progress ? progressBar(progress) : nothing}
    </div>
  `;
}

const failed = ({ message, remedy }: Reason, { snapshot, send }: PageContext): TemplateResult => html`
  <div class="notice failed" role="alert">
    <span class="codicon codicon-error" aria-hidden="true"></span>
    <span class="grow">${message} ${remedy}</span>
    <button class="link" @click=${() => send({ type: 'chooseModel', model: snapshot.model })}>Try again</button>
    <button class="link" @click=${() => send({ type: 'runCommand', command: 'lmLab.showLog' })}>Show log</button>
  </div>
`;

function empty({ snapshot, send }: PageContext): TemplateResult {
  const run = (command: 'lmLab.fineTune' | 'lmLab.importModelFolder') => () => send({ type: 'runCommand', command });
  return html`
    <div class="state">
      <p>Select some text in an editor and run “LM Lab: Classify Selection”. Several lines are classified each by itself.</p>
      ${
        snapshot.classifiers.length > 0
          ? nothing
          : html`
              <p class="quiet">No model is a classifier yet.</p>
              <div class="buttons">
                <vscode-button @click=${run('lmLab.fineTune')}>Fine-tune one…</vscode-button>
                <vscode-button appearance="secondary" @click=${run('lmLab.importModelFolder')}>Import a folder…</vscode-button>
              </div>
            `
      }
    </div>
  `;
}
