import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { OFFERED_ROLES } from '../../src/protocol/run/columns.ts';
import { PARTS } from '../../src/protocol/run/names.ts';
import type { Part, Role, SharesSpec } from '../../src/protocol/run/spec.ts';
import { count, counted } from '../shared/format.ts';
import { progressBar } from '../shared/progressBar.ts';
import type { PageContext } from './context.ts';
import { idOf, settingRow } from '../shared/settingRow.ts';
import { fieldRow } from './field.ts';
import { SPLIT_FIELDS } from './fields.ts';

/** What the file is, which column is what, what is done with its rows, and how they are split. */
export function dataRows(context: PageContext): TemplateResult {
  return html`${columnsRow(context)} ${stepsRow(context)} ${splitRow(context)}
  ${'files' in context.spec.dataset.split ? nothing : SPLIT_FIELDS.map(field => fieldRow(field, context))}`;
}

function columnsRow({ snapshot, request, spec, problems, set }: PageContext): TemplateResult {
  const { opened } = snapshot;
  const given = request.dataset.columns ?? {};
  const derived = spec.dataset.steps.flatMap(step => ('derive' in step ? Object.keys(step.derive) : []));
  const columns = [...(opened.value?.columns.map(({ name }) => name) ?? []), ...derived];
  const roles: Partial<Record<Role, string>> = { ...opened.value?.roles, ...given };
  const choose = (role: Role, column: string): void => {
    const { [role]: _, ...others } = given;
    const next = column === '' ? others : { ...others, [role]: column };
    set('dataset.columns', Object.keys(next).length === 0 ? undefined : next);
  };
  const select = (role: Role): TemplateResult => html`
    <label class="role">
      <span class="quiet">${role}</span>
      <select aria-label=${`Column of the role ${role}`} @change=${(event: Event) => choose(role, (event.target as HTMLSelectElement).value)}>
        <option value="" .selected=${live(roles[role] === undefined)}>–</option>
        ${columns.map(column => html`<option value=${column} .selected=${live(roles[role] === column)}>${column}</option>`)}
      </select>
    </label>
  `;
  return settingRow({
    path: 'dataset.columns',
    title: 'Columns',
    meaning: 'Which column is what. What is not chosen is guessed from names and content.',
    changed: Object.keys(given).length > 0,
    problem: problems.get('dataset.columns')?.reason ?? opened.error ?? undefined,
    onReset: () => set('dataset.columns', undefined),
    control: opened.value
      ? html`<div class="roles" id=${idOf('dataset.columns')}>${OFFERED_ROLES[spec.method].map(select)}</div>`
      : opened.progress
        ? html`<div class="reading">${progressBar(opened.progress)}</div>`
        : html`<span class="quiet">–</span>`,
  });
}

function stepsRow({ snapshot, request, spec, problems, set, send }: PageContext): TemplateResult {
  const { steps } = spec.dataset;
  const after = snapshot.description.value?.steps ?? [];
  const rows = snapshot.opened.value?.rows;
  return settingRow({
    path: 'dataset.steps',
    title: 'Steps',
    meaning: html`Filter, derive columns, balance or take: before the split. They are written in the
      <button class="link" @click=${() => send({ type: 'openDataset' })}>Dataset panel</button>, with each one’s effect in sight.`,
    changed: steps.length > 0,
    problem: problems.get('dataset.steps')?.reason,
    onReset: () => set('dataset.steps', undefined),
    control: html`
      <ol class="steps" id=${idOf('dataset.steps')}>
        <li>${rows === undefined ? 'the file' : counted(rows, 'row')}</li>
        ${(request.dataset.steps ?? []).map((step, at) => {
          const [[kind, value]] = Object.entries(step) as [[string, unknown]];
          const what = typeof value === 'object' ? Object.keys(value as object).join(', ') : String(value);
          return html`<li><b>${kind}</b> ${what} <span class="quiet">→ ${after[at] ? count(after[at].rows) : '…'}</span></li>`;
        })}
      </ol>
    `,
  });
}

function splitRow(context: PageContext): TemplateResult {
  const { snapshot, spec, problems, set, send } = context;
  const { split } = spec.dataset;
  const rows = snapshot.description.value?.split;
  const problem = PARTS.map(part => problems.get(`dataset.split.${part}`)?.reason).find(Boolean);
  const share = (part: Part): TemplateResult => html`
    <label class="role" title=${snapshot.meanings[`dataset.split.${part}`] ?? ''}>
      <span class="quiet">${part}</span>
      <input type="text" class="share" inputmode="decimal" aria-label=${`Share of the ${part} part`}
        .value=${live(typedShare(part, (split as SharesSpec)[part]))}
        @input=${(event: Event) => set(`dataset.split.${part}`, shareOf((event.target as HTMLInputElement).value))} data-part=${part} />
      <span class="quiet number">${rows ? counted(rows[part], 'row') : ''}</span>
    </label>
  `;
  const files = 'files' in split ? split.files : undefined;
  return settingRow({
    path: 'dataset.split',
    title: 'Split',
    meaning: files
      ? html`The parts are files of their own. <button class="link" @click=${() => send({ type: 'openDataset' })}>Dataset panel</button>`
      : 'Shares of the rows to learn from, to evaluate with on the way, and to look at once, at the end. They add up to 1.',
    changed: JSON.stringify(context.request.dataset.split ?? {}) !== '{}',
    problem: problems.get('dataset.split')?.reason ?? problem,
    onReset: () => set('dataset.split', undefined),
    control: files
      ? html`<div class="roles" id=${idOf('dataset.split')}>${Object.entries(files).map(([part, file]) => html`<span title=${file}>${part}: ${baseName(file)}</span>`)}</div>`
      : html`<div class="roles" id=${idOf('dataset.split')}>${PARTS.map(share)}</div>`,
  });
}

const shareOf = (text: string): unknown => {
  if (text.trim() === '') return undefined;
  return Number.isNaN(Number(text)) ? text : Number(text);
};

/** What is being typed stands as it is while it means the share. */
function typedShare(part: Part, share: unknown): string {
  const typing = document.activeElement as HTMLInputElement | null;
  const mine = typing?.dataset?.['part'] === part;
  return mine && (shareOf(typing.value) === share || typing.value === '') ? typing.value : String(share);
}

const baseName = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;
