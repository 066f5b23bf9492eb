import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../../src/protocol/result.ts';
import { counted } from './format.ts';
import { goToField } from './settingRow.ts';

// What the pages have in common that write a request and start what it asks for: a run, or an evaluation.

/** What any of them asks its host for. */
type FormIntent =
  | { readonly type: 'openDataset' }
  | { readonly type: 'start' }
  | { readonly type: 'readAgain' }
  | { readonly type: 'runCommand'; readonly command: 'lmLab.showLog' };

type Send = (intent: FormIntent) => void;

interface FieldProblem {
  readonly path: string;
  readonly reason: Pick<Reason, 'message' | 'remedy'>;
}

export const datasetLink = (name: string, send: Send): TemplateResult => html`
  <button class="link dataset" title="Open the Dataset panel" @click=${() => send({ type: 'openDataset' })}>
    <span class="codicon codicon-table" aria-hidden="true"></span> ${name}
  </button>
`;

/** `starts`: what it does, as "Start training". */
export function startButton(starts: string, wrong: number, starting: boolean, send: Send): TemplateResult {
  const title = wrong > 0 ? `${counted(wrong, 'field')} must be corrected first` : `${starts} (Ctrl+Enter)`;
  return html`
    <vscode-button id="start" title=${title} ?disabled=${wrong > 0 || starting} @click=${() => send({ type: 'start' })}>
      ${starting ? 'Starting…' : 'Start'}
    </vscode-button>
  `;
}

/** Ctrl+Enter presses the button, wherever the focus is. */
export function startOnCtrlEnter(): void {
  document.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    document.querySelector<HTMLElement>('#start')?.click();
  });
}

interface Prevented {
  readonly problems: ReadonlyMap<string, FieldProblem>;
  /** Why it could not be started. */
  readonly failed: Reason | null;
  /** Why the data can't be read. */
  readonly unread: Reason | null | undefined;
  readonly send: Send;
}

/** What prevents a start: the first problem, with a way to it. */
export function startNotice({ problems, failed, unread, send }: Prevented): TemplateResult | typeof nothing {
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
  const error = failed ?? unread;
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

interface Group {
  readonly id: string;
  readonly title: string;
  /** Laid open only when asked for. */
  readonly closed?: boolean | undefined;
  /** Beside the title. */
  readonly counts?: unknown;
  readonly fields: unknown;
}

/** Fields under a heading; `toggled` are the groups that were laid open or closed by hand. */
export function foldedGroup(
  { id, title, closed = false, counts = nothing, fields }: Group,
  toggled: readonly string[],
  change: (changes: { readonly toggled: readonly string[] }) => void,
): TemplateResult {
  const open = closed === toggled.includes(id);
  const onToggle = (event: Event): void => {
    const now = (event.target as HTMLDetailsElement).open;
    if (now === open || event.target !== event.currentTarget) return;
    change({ toggled: open === closed ? toggled.filter(other => other !== id) : [...toggled, id] });
  };
  return html`
    <details class="group" ?open=${open} @toggle=${onToggle}>
      <summary><span class="codicon codicon-chevron-right" aria-hidden="true"></span><h2>${title}</h2>${counts}</summary>
      <div class="fields">${fields}</div>
    </details>
  `;
}
