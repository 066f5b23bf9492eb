import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { MethodName } from '../../src/protocol/run/spec.ts';
import { isChanged } from '../../src/protocol/run/edit.ts';
import { counted } from '../shared/format.ts';
import { goToField } from '../shared/settingRow.ts';
import { chooser } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';
import { dataRows } from './data.ts';
import { estimates } from './estimates.ts';
import { concerns, fieldRow } from './field.ts';
import { FIELD_GROUPS, type FieldGroup } from './fields.ts';
import { hiddenRows, trainableRows } from './trainable.ts';

const METHODS: ReadonlyArray<{ readonly id: MethodName; readonly label: string }> = [
  { id: 'classification', label: 'Classification' },
  { id: 'sft', label: 'Instruction tuning' },
  { id: 'lm', label: 'Language modelling' },
  { id: 'dpo', label: 'Preferences (DPO)' },
  { id: 'reward', label: 'Reward model' },
  { id: 'ppo', label: 'Reward (PPO)' },
];

/** The whole page: what is trained on what, what it would take, and everything that can be set. */
export function page(context: PageContext): TemplateResult {
  return html`
    <div class="page">
      <div class="top">${header(context)} ${estimates(context)} ${notice(context)}</div>
      <div class="groups">${FIELD_GROUPS.map(group => fieldGroup(group, context))}</div>
    </div>
  `;
}

function header({ snapshot, request, problems, set, send }: PageContext): TemplateResult {
  const known = snapshot.models.some(({ id }) => id === request.model);
  const models = known ? snapshot.models : [{ id: request.model, label: request.model }, ...snapshot.models];
  const wrong = problems.size;
  const start = wrong > 0 ? `${counted(wrong, 'field')} must be corrected first` : 'Start training (Ctrl+Enter)';
  return html`
    <header class="toolbar">
      <div class="choosers">
        <button class="link dataset" title="Open the Dataset panel" @click=${() => send({ type: 'openDataset' })}>
          <span class="codicon codicon-table" aria-hidden="true"></span> ${snapshot.datasetName}
        </button>
        ${chooser('Method', METHODS, request.method, false, id => set('method', id))}
        ${chooser('Model to start from', models, request.model, false, id => set('model', id))}
      </div>
      <div class="actions" role="toolbar" aria-label="Run">
        <vscode-button id="start" title=${start} ?disabled=${wrong > 0 || snapshot.starting} @click=${() => send({ type: 'start' })}>
          ${snapshot.starting ? 'Starting…' : 'Start'}
        </vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'save' })}>Save as run.json…</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'openAsJson' })}>Open as JSON</vscode-button>
      </div>
    </header>
  `;
}

/** What prevents a start: the first problem, with a way to it. */
function notice({ snapshot, problems, send }: PageContext): TemplateResult | typeof nothing {
  const { failed, description } = snapshot;
  const [first] = problems.values();
  if (first) {
    const more = problems.size > 1 ? ` And ${counted(problems.size - 1, 'other')}.` : '';
    return html`
      <div class="notice failed">
        <span class="codicon codicon-error" aria-hidden="true"></span>
        <span class="grow">${first.reason.message} ${first.reason.remedy}${more}</span>
        <button class="link" @click=${() => goToField(first.path)}>Go to it</button>
      </div>
    `;
  }
  const error = failed ?? description.error;
  if (!error) return nothing;
  return html`
    <div class="notice failed" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="grow">${error.message} ${error.remedy}</span>
      ${failed ? nothing : html`<button class="link" @click=${() => send({ type: 'readAgain' })}>Try again</button>`}
      <button class="link" @click=${() => send({ type: 'runCommand', command: 'lmLab.showLog' })}>Show log</button>
    </div>
  `;
}

function fieldGroup(group: FieldGroup, context: PageContext): TemplateResult {
  const { ui, change, request, spec, snapshot, problems } = context;
  const { id, title, closed = false } = group;
  const fields = group.fields.filter(field => concerns(context, field));
  const open = closed === ui.toggled.includes(id);
  const toggle = (event: Event): void => {
    const now = (event.target as HTMLDetailsElement).open;
    if (now === open) return;
    change({ toggled: open === closed ? ui.toggled.filter(other => other !== id) : [...ui.toggled, id] });
  };
  const changed = fields.filter(({ path }) => isChanged(request, path)).length;
  const wrong = fields.filter(({ path }) => problems.has(path)).length;
  return html`
    <details class="group" ?open=${open} @toggle=${toggle}>
      <summary>
        <span class="codicon codicon-chevron-right" aria-hidden="true"></span>
        <h2>${title}</h2>
        ${changed ? html`<span class="quiet">${changed} changed</span>` : nothing}
        ${wrong ? html`<span class="wrong">${wrong} to correct</span>` : nothing}
      </summary>
      <div class="fields">
        ${guard([spec, request, problems, snapshot.opened, snapshot.description, snapshot.meanings], () => [
          id === 'data' ? dataRows(context) : nothing,
          id === 'model' ? trainableRows(context) : nothing,
          fields.map(field => fieldRow(field, context)),
          id === 'model' ? hiddenRows(context) : nothing,
        ])}
      </div>
    </details>
  `;
}
