import { html, nothing, type TemplateResult } from 'lit';
import { count, counted, percent } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import { type PageContext, rolesOf } from './context.ts';
import { stepsOf, withSteps } from './edits.ts';

const FIRST_CLASSES = 6;
const MOST_CLASSES = 200;

/** How many rows each label has, the most frequent first. */
export function classes(context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, look } = context;
  const all = snapshot.description.value?.classes;
  if (!all || all.length === 0) return nothing;
  const shown = all.slice(0, snapshot.view.allClasses ? MOST_CLASSES : FIRST_CLASSES);
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const most = all[0]?.count ?? 1;
  const further = all.length - shown.length;
  return html`
    <section class="part part-classes" aria-label="Classes">
      <h3>${all.length === 1 ? 'Class' : 'Classes'}</h3>
      <div class="part-body">
        <ul class="classes">
          ${shown.map(
            ({ label, count: rows }) => html`
              <li title=${`${counted(rows, 'row')} of ${count(total)} have the label “${label}”: ${percent(rows / total)}`}>
                <span class="class-name">${label === '' ? '(empty)' : label}</span>
                <span class="number">${count(rows)}</span>
                <span class="bar"><span ${styles({ width: `${(rows / most) * 100}%` })}></span></span>
                <span class="number quiet">${percent(rows / total)}</span>
              </li>
            `,
          )}
        </ul>
        ${
          all.length > FIRST_CLASSES
            ? html`<button class="link" @click=${() => look({ allClasses: !snapshot.view.allClasses })}>
                ${snapshot.view.allClasses ? 'fewer' : `${count(further)} more`}
              </button>`
            : nothing
        }
        ${balance(context)}
      </div>
    </section>
  `;
}

/** Offers to leave as many rows of each class as the rarest has. */
function balance({ snapshot, edit }: PageContext): TemplateResult | typeof nothing {
  const all = snapshot.description.value?.classes ?? [];
  const { label } = rolesOf(snapshot);
  const [most, least] = [all[0]?.count ?? 0, all.at(-1)?.count ?? 0];
  if (label === undefined || all.length < 2 || most === least) return nothing;
  const rows = least * all.length;
  return html`
    <button
      class="link"
      title=${`Adds a step that draws ${counted(least, 'row')} of each class, as many as the rarest has`}
      @click=${() => edit(withSteps(snapshot.request, [...stepsOf(snapshot.request), { balance: label }]))}
    >Balance to ${counted(rows, 'row')}</button>
  `;
}
