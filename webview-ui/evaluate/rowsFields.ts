import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Role } from '../../src/protocol/run/spec.ts';
import type { TaskName } from '../../src/protocol/evaluation/request.ts';
import { counted } from '../shared/format.ts';
import { idOf } from '../shared/settingRow.ts';
import type { PageContext } from './context.ts';
import { choiceRow, formRow, numberRow } from './row.ts';

const ROLES_OF: Readonly<Record<TaskName, readonly Role[]>> = {
  prompt: ['text', 'label'],
  classifier: ['text', 'label'],
  generate: ['prompt', 'instruction', 'input', 'output', 'completion'],
  judge: ['prompt', 'instruction', 'input', 'output', 'completion'],
  compare: ['prompt', 'instruction', 'input', 'output', 'completion', 'text'],
  probe: ['text', 'label'],
};

/** Which rows of the file, how many, and which column is what. */
export function rowsFields(context: PageContext): TemplateResult {
  const { snapshot, request } = context;
  const steps = request.dataset.steps ?? [];
  const all = snapshot.opened.value?.rows;
  return html`
    ${choiceRow(
      'part',
      {
        title: 'Part',
        meaning:
          'Rows of one part of the split, as a run splits the file: the test part is what a run has not learned from.',
      },
      [
        [null, 'all rows'],
        ['test', 'test'],
        ['validation', 'validation'],
        ['train', 'train'],
      ],
      context,
    )}
    ${numberRow(
      'rows',
      {
        title: 'Rows at most',
        meaning: html`The first so many. Empty: all${all === undefined ? '' : ` ${counted(all, 'row')}`}.${
          steps.length > 0 ? ` After ${counted(steps.length, 'step')} of the Dataset panel.` : ''
        }`,
      },
      context,
      'all',
    )}
    ${columns(context)}
  `;
}

function columns(context: PageContext): TemplateResult {
  const { snapshot, request, set } = context;
  const given = request.dataset.columns ?? {};
  const names = snapshot.opened.value?.columns.map(({ name }) => name) ?? [];
  const roles: Partial<Record<Role, string>> = { ...snapshot.opened.value?.roles, ...given };
  const choose = (role: Role, column: string): void => {
    const { [role]: _, ...others } = given;
    const next = column === '' ? others : { ...others, [role]: column };
    set('dataset.columns', Object.keys(next).length === 0 ? undefined : next);
  };
  const control = html`
    <div class="roles" id=${idOf('dataset.columns')}>
      ${ROLES_OF[request.task].map(
        role => html`<label class="role"><span class="quiet">${role}</span>
          <select aria-label=${`Column of the role ${role}`} @change=${(event: Event) => choose(role, (event.target as HTMLSelectElement).value)}>
            <option value="" .selected=${live(roles[role] === undefined)}>–</option>
            ${names.map(name => html`<option value=${name} .selected=${live(roles[role] === name)}>${name}</option>`)}
          </select></label>`,
      )}
    </div>
  `;
  const meaning = 'Which column is what. What is not chosen is guessed from names and content.';
  return formRow('dataset.columns', { title: 'Columns', meaning }, control, context);
}
