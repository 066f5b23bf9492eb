import { html, nothing, type TemplateResult } from 'lit';

interface Row {
  readonly path: string;
  readonly title: string;
  readonly meaning: unknown;
  /** Why it has no effect; undefined where it has one. */
  readonly why?: string | undefined;
  readonly changed: boolean;
  readonly problem?: { readonly message: string; readonly remedy: string } | undefined;
  readonly onReset: () => void;
  readonly control: unknown;
}

/** Title, control, and a sentence; a bar at the edge where it is not the default, as the editor's own settings have it. */
export function settingRow({ path, title, meaning, why, changed, problem, onReset, control }: Row): TemplateResult {
  const id = idOf(path);
  return html`
    <div class="field ${changed ? 'changed' : ''} ${why === undefined ? '' : 'idle'}" data-path=${path}>
      <label class="field-title" for=${id}>${title}</label>
      <div class="field-control">
        ${control}
        ${
          changed
            ? html`<button class="icon reset" title="Reset to the default" aria-label=${`Reset ${title} to the default`} @click=${onReset}>
                <span class="codicon codicon-discard" aria-hidden="true"></span>
              </button>`
            : nothing
        }
      </div>
      <p class="field-meaning quiet" id=${`${id}-meaning`}>
        ${why === undefined ? meaning : html`<span class="why">${why}</span> ${meaning}`}
      </p>
      ${problem ? html`<p class="setting-problem" id=${`${id}-problem`} role="alert">${problem.message} ${problem.remedy}</p>` : nothing}
    </div>
  `;
}

export const idOf = (path: string): string => `field-${path.replaceAll('.', '-')}`;

/** Brings the field of a path, or the section that holds it, into sight. */
export function goToField(path: string): void {
  for (let at = path; at !== ''; at = at.split('.').slice(0, -1).join('.')) {
    const field = document.querySelector<HTMLElement>(`.field[data-path="${at}"]`);
    if (!field) continue;
    field.closest('details')?.setAttribute('open', '');
    field.scrollIntoView({ block: 'center' });
    field.querySelector<HTMLElement>('input, select, button')?.focus();
    return;
  }
}
