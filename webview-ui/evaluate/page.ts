import { html, nothing, type TemplateResult } from 'lit';
import type { TaskName } from '../../src/protocol/evaluation/request.ts';
import { TASK_WORDS } from '../../src/protocol/evaluation/words.ts';
import { counted, duration } from '../shared/format.ts';
import { progressBar } from '../shared/progressBar.ts';
import { goToField } from '../shared/settingRow.ts';
import { chooser } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';
import { compareFields } from './compareFields.ts';
import { generateFields } from './generateFields.ts';
import { judgeFields } from './judgeFields.ts';
import { modelFields } from './modelFields.ts';
import { preview } from './preview.ts';
import { probeFields } from './probeFields.ts';
import { promptFields, promptOptions } from './promptFields.ts';
import { rowsFields } from './rowsFields.ts';

const TASKS = Object.entries(TASK_WORDS).map(([id, { title }]) => ({ id, label: title }));

interface Group {
  readonly id: string;
  readonly title: string;
  /** Laid open only when asked for. */
  readonly closed?: boolean;
  readonly fields: (context: PageContext) => unknown;
}

const OF_TASK: Readonly<Record<TaskName, readonly Group[]>> = {
  prompt: [
    { id: 'prompt', title: 'Prompt and words', fields: context => [promptFields(context), preview(context)] },
    { id: 'scoring', title: 'Scoring', closed: true, fields: promptOptions },
  ],
  classifier: [],
  generate: [{ id: 'generate', title: 'Decoding', fields: context => generateFields('generate', context) }],
  judge: [{ id: 'judge', title: 'Judge', fields: context => judgeFields('judge', context) }],
  compare: [{ id: 'compare', title: 'Comparison', fields: compareFields }],
  probe: [{ id: 'probe', title: 'Texts', fields: probeFields }],
};

/** The whole page: what is asked on which rows, how long it may take, and everything that can be set. */
export function page(context: PageContext): TemplateResult {
  const { task } = context.request;
  const groups: Group[] = [
    ...(task === 'judge'
      ? []
      : [{ id: 'models', title: task === 'compare' ? 'Models' : 'Model', fields: modelFields }]),
    ...OF_TASK[task],
    { id: 'rows', title: 'Rows', fields: rowsFields },
  ];
  return html`
    <div class="page">
      <div class="top">${header(context)} ${estimate(context)} ${notice(context)}</div>
      <div class="groups">
        <p class="task-meaning quiet">${TASK_WORDS[task].meaning}.</p>
        ${groups.map(group => fieldGroup(group, context))}
      </div>
    </div>
  `;
}

function header({ snapshot, request, problems, send }: PageContext): TemplateResult {
  const wrong = problems.size;
  const start = wrong > 0 ? `${counted(wrong, 'field')} must be corrected first` : 'Start evaluating (Ctrl+Enter)';
  return html`
    <header class="toolbar">
      <div class="choosers">
        <button class="link dataset" title="Open the Dataset panel" @click=${() => send({ type: 'openDataset' })}>
          <span class="codicon codicon-table" aria-hidden="true"></span> ${snapshot.datasetName}
        </button>
        ${chooser('What to find out', TASKS, request.task, false, id => send({ type: 'task', task: id as TaskName }))}
      </div>
      <div class="actions" role="toolbar" aria-label="Evaluation">
        <vscode-button id="start" title=${start} ?disabled=${wrong > 0 || snapshot.starting} @click=${() => send({ type: 'start' })}>
          ${snapshot.starting ? 'Starting…' : 'Start'}
        </vscode-button>
      </div>
    </header>
  `;
}

/** How many rows, and about how long. */
function estimate({ snapshot }: PageContext): TemplateResult {
  const { estimate: value, opened, description } = snapshot;
  const reading = opened.progress ?? description.progress;
  const by = value?.measuredBy ? `as “${value.measuredBy}” took` : 'by a typical rate';
  return html`
    <div class="estimates quiet">
      ${
        value
          ? html`<span title=${value.seconds === null ? '' : `Estimated ${by}`}>${counted(value.rows, 'row')} · ${
              value.seconds === null
                ? 'how long depends on the judge'
                : html`about <b>${duration(value.seconds)}</b>, ${by}`
            }</span>`
          : html`<span>${reading ? reading.message : 'The time is estimated once the file can be read.'}</span>`
      }
      ${reading ? progressBar(reading) : nothing}
    </div>
  `;
}

/** What prevents a start: the first problem, with a way to it. */
function notice({ snapshot, problems, send }: PageContext): TemplateResult | typeof nothing {
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
  const error = snapshot.failed ?? snapshot.opened.error ?? snapshot.description.error;
  if (!error) return nothing;
  return html`
    <div class="notice failed" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="grow">${error.message} ${error.remedy}</span>
      ${snapshot.failed ? nothing : html`<button class="link" @click=${() => send({ type: 'readAgain' })}>Try again</button>`}
      <button class="link" @click=${() => send({ type: 'runCommand', command: 'lmLab.showLog' })}>Show log</button>
    </div>
  `;
}

function fieldGroup({ id, title, closed = false, fields }: Group, context: PageContext): TemplateResult {
  const { ui, change } = context;
  const open = closed === ui.toggled.includes(id);
  const toggle = (event: Event): void => {
    const now = (event.target as HTMLDetailsElement).open;
    if (now === open || event.target !== event.currentTarget) return;
    change({ toggled: open === closed ? ui.toggled.filter(other => other !== id) : [...ui.toggled, id] });
  };
  return html`
    <details class="group" ?open=${open} @toggle=${toggle}>
      <summary><span class="codicon codicon-chevron-right" aria-hidden="true"></span><h2>${title}</h2></summary>
      <div class="fields">${fields(context)}</div>
    </details>
  `;
}
