import { html, nothing, type TemplateResult } from 'lit';
import type { EvaluationRequest } from '../../src/protocol/evaluation/request.ts';
import type { EvaluationStatus } from '../../src/protocol/evaluation/folder.ts';
import { askedPrecisions } from '../../src/protocol/evaluation/modelNames.ts';
import { TASK_WORDS } from '../../src/protocol/evaluation/words.ts';
import { asWritten } from './asWritten.ts';
import type { PageContext } from './context.ts';

/** What was asked of which model over which rows: a line, and all of it where it is laid open. */
export function about({ evaluation, snapshot, ui, change, send }: PageContext): TemplateResult | typeof nothing {
  const { request } = evaluation;
  if (!request) return nothing;
  const { task, dataset } = request;
  const open = ui.asked || snapshot.rows.all === 0;
  const who = whoOf(request, evaluation.status ?? undefined);
  const file = dataset.file.split(/[\\/]/).at(-1) ?? dataset.file;
  return html`
    <div class="about">
      <div class="about-line">
        <button class="icon" aria-expanded=${open} aria-label="What was asked" title="What was asked" @click=${() => change({ asked: !ui.asked })}>
          <span class="codicon codicon-chevron-${open ? 'down' : 'right'}" aria-hidden="true"></span>
        </button>
        <div class="about-words">
          <span title=${TASK_WORDS[task].meaning}>${TASK_WORDS[task].title}</span>
          <b class="models" title=${who.join('\n')}>${who.map(shortName).join(' · ')}</b>
          <span class="quiet">on</span>
          <button class="link file" title=${dataset.file} @click=${() => send({ type: 'openDataset' })}>${file}</button>
          <span class="quiet">${whichRows(request)}</span>
        </div>
      </div>
      ${
        open
          ? html`<dl class="asked">
              ${asWritten(request).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
            </dl>`
          : nothing
      }
    </div>
  `;
}

/**
 * Whose answers it is about: models with what they are kept in, as it turned out or as it was asked, or for a judge the
 * columns that they stand in, and the judge.
 */
export function whoOf(request: EvaluationRequest, status?: Pick<EvaluationStatus, 'precisions'>): readonly string[] {
  const { task, models = [], judge } = request;
  if (task !== 'judge') {
    const precisions = status?.precisions ?? askedPrecisions(request);
    return models.map((model, at) => [model, precisions[at]].filter(Boolean).join(' '));
  }
  return [...(judge?.columns ?? []), ...(judge?.judge ? [`by ${judge.judge.model}`] : [])];
}

/** A folder by its last names, where they say enough. */
export const shortName = (model: string): string =>
  /^([./~]|[A-Za-z]:)/.test(model) ? model.split(/[\\/]/).filter(Boolean).slice(-2).join('/') : model;

function whichRows({ part, rows }: EvaluationRequest): string {
  const of = part ? `${part} part` : '';
  return [of, rows ? `first ${rows.toLocaleString('en')} rows` : !part && 'all rows'].filter(Boolean).join(', ');
}
