import { html, nothing, type TemplateResult } from 'lit';
import type { TaskName } from '../../src/protocol/evaluation/request.ts';
import { TASK_WORDS } from '../../src/protocol/evaluation/words.ts';
import { counted, duration } from '../shared/format.ts';
import { progressBar } from '../shared/progressBar.ts';
import { datasetLink, foldedGroup, startButton, startNotice } from '../shared/requestForm.ts';
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
  const { request, snapshot, problems, ui, change, send } = context;
  const { task } = request;
  const { failed, opened, description } = snapshot;
  const unread = opened.error ?? description.error;
  const groups: Group[] = [
    ...(task === 'judge'
      ? []
      : [{ id: 'models', title: task === 'compare' ? 'Models' : 'Model', fields: modelFields }]),
    ...OF_TASK[task],
    { id: 'rows', title: 'Rows', fields: rowsFields },
  ];
  return html`
    <div class="page">
      <div class="top">${header(context)} ${estimate(context)} ${startNotice({ problems, failed, unread, send })}</div>
      <div class="groups">
        <p class="task-meaning quiet">${TASK_WORDS[task].meaning}.</p>
        ${groups.map(group => foldedGroup({ ...group, fields: group.fields(context) }, ui.toggled, change))}
      </div>
    </div>
  `;
}

function header({ snapshot, request, problems, send }: PageContext): TemplateResult {
  return html`
    <header class="toolbar">
      <div class="choosers">
        ${datasetLink(snapshot.datasetName, send)}
        ${chooser('What to find out', TASKS, request.task, false, id => send({ type: 'task', task: id as TaskName }))}
      </div>
      <div class="actions" role="toolbar" aria-label="Evaluation">
        ${startButton('Start evaluating', problems.size, snapshot.starting, send)}
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
