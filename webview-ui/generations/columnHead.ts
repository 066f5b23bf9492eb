import { html, nothing, type TemplateResult } from 'lit';
import { isUnderWay } from '../../src/protocol/branches.ts';
import '../shared/menu.ts';
import type { MenuItem } from '../shared/menu.ts';
import { action, chooser } from '../shared/toolbar.ts';
import { type PageContext, type ShownColumn, toggledCompared } from './context.ts';

/** The column's name, which can be written over, what can be done with it, and its model where there are several. */
export function columnHead(shown: ShownColumn, context: PageContext): TemplateResult {
  const { column, result } = shown;
  const { ui, send, change } = context;
  const running = result !== null && isUnderWay(result);
  const isCompared = ui.compared.includes(column.id);
  return html`
    <header class="column-head">
      <div class="column-title">
        <input
          class="column-name"
          aria-label="Name of the column"
          title="Name of the column"
          spellcheck="false"
          .value=${column.name}
          @change=${(event: Event) => rename(event, shown, context)}
          @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && (event.target as HTMLElement).blur()}
        />
        ${
          running
            ? action('debug-stop', '', 'Stop this column', false, () => send({ type: 'stop', column: column.id }))
            : action('play', '', 'Run this column', false, () => send({ type: 'run', column: column.id }))
        }
        <button
          class="icon toggle"
          aria-pressed=${isCompared}
          aria-label="Compare with another column"
          title="Compare with another column"
          @click=${() => change({ compared: toggledCompared(ui.compared, column.id) })}
        ><span class="codicon codicon-diff" aria-hidden="true"></span></button>
        <lm-menu .label=${`More of ${column.name}`} .items=${menuItems(shown, context)}></lm-menu>
      </div>
      ${modelChooser(shown, context)}
    </header>
  `;
}

function rename(event: Event, { column }: ShownColumn, { send }: PageContext): void {
  const input = event.target as HTMLInputElement;
  const name = input.value.trim();
  input.value = name === '' ? column.name : name;
  if (name !== '') send({ type: 'editColumn', column: column.id, changes: { name } });
}

const ACTIVE = '';

function modelChooser(
  { column, result }: ShownColumn,
  { snapshot, send }: PageContext,
): TemplateResult | typeof nothing {
  const { models, activeModel } = snapshot;
  const device = result?.device
    ? html`<span class="device" title="It ran on ${result.device}.">${result.device}</span>`
    : '';
  if (models.length < 2 && column.model === null) return nothing;
  const label = models.find(({ id }) => id === activeModel)?.label ?? activeModel;
  const gone = column.model !== null && !models.some(({ id }) => id === column.model);
  const options = [
    { id: ACTIVE, label: `active: ${label}` },
    ...models,
    ...(gone ? [{ id: column.model ?? ACTIVE, label: `${column.model} (gone)` }] : []),
  ];
  const choose = (id: string): void =>
    send({ type: 'editColumn', column: column.id, changes: { model: id === ACTIVE ? null : id } });
  return html`<div class="column-model">${chooser('Model of the column', options, column.model ?? ACTIVE, false, choose)}${device}</div>`;
}

function menuItems({ column, index, result, tokens }: ShownColumn, { snapshot, send }: PageContext): MenuItem[] {
  const { id } = column;
  const nothingMade = !result || tokens.length === 0;
  return [
    { label: 'Duplicate', icon: 'files', run: () => send({ type: 'duplicateColumn', column: id }) },
    {
      label: 'Move left',
      icon: 'arrow-left',
      disabled: index === 0,
      run: () => send({ type: 'moveColumn', column: id, to: index - 1 }),
    },
    {
      label: 'Move right',
      icon: 'arrow-right',
      disabled: index === snapshot.columns.length - 1,
      run: () => send({ type: 'moveColumn', column: id, to: index + 1 }),
    },
    { label: 'Keep settings under this name', icon: 'save', run: () => send({ type: 'nameSettings', column: id }) },
    {
      label: 'Insert into the editor',
      icon: 'insert',
      section: '',
      disabled: nothingMade || !snapshot.canInsert,
      run: () => send({ type: 'insert', column: id }),
    },
    { label: 'Copy the text', icon: 'copy', disabled: nothingMade, run: () => send({ type: 'copyText', column: id }) },
    {
      label: 'Copy the tokens as TSV',
      icon: 'table',
      disabled: nothingMade,
      run: () => send({ type: 'copyTsv', column: id }),
    },
    {
      label: 'Export the tokens as CSV',
      icon: 'export',
      disabled: nothingMade,
      run: () => send({ type: 'export', format: 'csv', column: id }),
    },
    {
      label: 'Export as JSON',
      icon: 'export',
      disabled: nothingMade,
      run: () => send({ type: 'export', format: 'json', column: id }),
    },
    { label: 'Remove', icon: 'trash', section: '', run: () => send({ type: 'removeColumn', column: id }) },
  ];
}
