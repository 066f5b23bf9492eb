import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { MethodName } from '../../src/protocol/run/spec.ts';
import { isChanged } from '../../src/protocol/run/edit.ts';
import { datasetLink, foldedGroup, startButton, startNotice } from '../shared/requestForm.ts';
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
  const { snapshot, problems, send } = context;
  const { failed, description } = snapshot;
  const unread = description.error;
  return html`
    <div class="page">
      <div class="top">${header(context)} ${estimates(context)} ${startNotice({ problems, failed, unread, send })}</div>
      <div class="groups">${FIELD_GROUPS.map(group => fieldGroup(group, context))}</div>
    </div>
  `;
}

function header({ snapshot, request, problems, set, send }: PageContext): TemplateResult {
  const known = snapshot.models.some(({ id }) => id === request.model);
  const models = known ? snapshot.models : [{ id: request.model, label: request.model }, ...snapshot.models];
  return html`
    <header class="toolbar">
      <div class="choosers">
        ${datasetLink(snapshot.datasetName, send)}
        ${chooser('Method', METHODS, request.method, false, id => set('method', id))}
        ${chooser('Model to start from', models, request.model, false, id => set('model', id))}
      </div>
      <div class="actions" role="toolbar" aria-label="Run">
        ${startButton('Start training', problems.size, snapshot.starting, send)}
        <vscode-button appearance="secondary" @click=${() => send({ type: 'save' })}>Save as run.json…</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'openAsJson' })}>Open as JSON</vscode-button>
      </div>
    </header>
  `;
}

function fieldGroup(group: FieldGroup, context: PageContext): TemplateResult {
  const { ui, change, request, spec, snapshot, problems } = context;
  const { id } = group;
  const fields = group.fields.filter(field => concerns(context, field));
  const changed = fields.filter(({ path }) => isChanged(request, path)).length;
  const wrong = fields.filter(({ path }) => problems.has(path)).length;
  const counts = html`
    ${changed ? html`<span class="quiet">${changed} changed</span>` : nothing}
    ${wrong ? html`<span class="wrong">${wrong} to correct</span>` : nothing}
  `;
  const rows = guard([spec, request, problems, snapshot.opened, snapshot.description, snapshot.meanings], () => [
    id === 'data' ? dataRows(context) : nothing,
    id === 'model' ? trainableRows(context) : nothing,
    fields.map(field => fieldRow(field, context)),
    id === 'model' ? hiddenRows(context) : nothing,
  ]);
  return foldedGroup({ ...group, counts, fields: rows }, ui.toggled, change);
}
