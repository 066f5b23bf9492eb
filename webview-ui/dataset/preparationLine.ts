import { html, type TemplateResult } from 'lit';
import { PARTS } from '../../src/protocol/run/names.ts';
import { count, counted } from '../shared/format.ts';
import { methodOf, type PageContext, rolesOf } from './context.ts';
import { stepsOf } from './edits.ts';
import { takenRoles } from './roles.ts';

/** Opens and closes all that is set; closed, it is summed up. A wide panel has room for both, and shows no such line. */
export function preparationLine({ snapshot, look }: PageContext): TemplateResult {
  const { preparationOpen } = snapshot.view;
  return html`
    <button
      class="disclosure preparation-line"
      aria-expanded=${preparationOpen}
      title=${preparationOpen ? 'Make room for the rows' : 'Show what is set'}
      @click=${() => look({ preparationOpen: !preparationOpen })}
    >
      <span class="codicon codicon-chevron-${preparationOpen ? 'down' : 'right'}" aria-hidden="true"></span>
      <b>Preparation</b> <span class="quiet steady">${preparationOpen ? '' : summary(snapshot)}</span>
    </button>
  `;
}

/** `classification · text: column2, label: column1 · 1 step · 1,045 train, 149 validation, 300 test · 14 problems`. */
function summary(snapshot: PageContext['snapshot']): string {
  const { request, description } = snapshot;
  const [method, roles] = [methodOf(snapshot), rolesOf(snapshot)];
  const { split, problemCount = 0 } = description.value ?? {};
  const used = takenRoles(method).filter(role => roles[role]);
  const steps = stepsOf(request).length;
  return [
    method ?? 'no method',
    used.map(role => (roles[role] === role ? role : `${role}: ${roles[role]}`)).join(', '),
    steps > 0 && counted(steps, 'step'),
    split && PARTS.map(part => `${count(split[part])} ${part}`).join(', '),
    problemCount > 0 && counted(problemCount, 'problem'),
  ]
    .filter(Boolean)
    .join(' · ');
}
