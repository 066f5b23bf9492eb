import { html, nothing, type TemplateResult } from 'lit';
import { EVALUATION_WORDS } from '../../src/protocol/evaluation/words.ts';
import type { EvaluationCommand, ShownEvaluation } from '../../src/protocol/panels/evaluation.ts';
import { isWorking } from '../../src/protocol/run/liveness.ts';
import { count, counted, duration } from '../shared/format.ts';
import '../shared/menu.ts';
import type { MenuItem } from '../shared/menu.ts';
import { progressBar } from '../shared/progressBar.ts';
import { stateHead } from '../shared/stateHead.ts';
import { action } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';

/** What the evaluation is, how far it has come, and what can be done with it. */
export function header(context: PageContext): TemplateResult {
  const { evaluation } = context;
  return html`
    <header class="toolbar">
      ${stateHead(evaluation, progressWords(evaluation), EVALUATION_WORDS)} ${actions(context)} ${progressLine(evaluation)}
    </header>
  `;
}

const mayResume = ({ state }: ShownEvaluation): boolean => ['ready', 'stopped', 'failed', 'lost'].includes(state);

function actions({ evaluation, snapshot, send }: PageContext): TemplateResult {
  const { state, mayStop, request } = evaluation;
  const written = request?.task === 'generate' && state === 'finished';
  const command = (command: EvaluationCommand) => (): void => send({ type: 'evaluationCommand', command });
  const begins = state === 'ready' ? 'Start' : snapshot.rows.all > 0 ? 'Resume' : 'Start again';
  const stop = mayStop
    ? 'Stop; what is done stays, and can be gone on with'
    : 'It runs in another window: stop it there';
  return html`
    <div class="actions" role="toolbar" aria-label=${`What can be done with ${evaluation.title}`}>
      ${
        isWorking(state)
          ? action('debug-stop', 'Stop', stop, !mayStop || state === 'stopping', command('lmLab.stopEvaluation'))
          : mayResume(evaluation)
            ? action('debug-start', begins, `${begins} the evaluation`, false, command('lmLab.resumeEvaluation'))
            : nothing
      }
      ${written ? action('law', 'Judge', 'Have these responses judged', false, () => send({ type: 'evaluateResponses' })) : nothing}
      <lm-menu .icon=${'diff'} .text=${'Compare'} .label=${'Compare with another evaluation'} .items=${comparable(snapshot, evaluation, send)}></lm-menu>
      <lm-menu .icon=${'export'} .text=${'Export'} .label=${'Export the rows'} .disabled=${snapshot.rows.all === 0} .items=${exports(snapshot, evaluation, send)}></lm-menu>
      ${action('folder-opened', '', 'Reveal the folder of the evaluation', false, command('lmLab.revealEvaluation'))}
      <lm-menu .label=${'More of this evaluation'} .items=${more(state, command)}></lm-menu>
    </div>
  `;
}

function comparable(
  { others, compared }: PageContext['snapshot'],
  { request }: ShownEvaluation,
  send: PageContext['send'],
): MenuItem[] {
  const same = others.filter(({ task, folder }) => task === request?.task && folder !== compared?.folder);
  const items = same.map(({ folder, title, name, state }) => ({
    label: title,
    hint: state === 'finished' ? name.slice(0, 10) : EVALUATION_WORDS[state],
    run: () => send({ type: 'compareWith', folder }),
  }));
  if (items.length > 0) return items;
  const none = 'No other evaluation of this task';
  return [{ label: none, disabled: true, run: () => undefined }];
}

function exports(
  { votes }: PageContext['snapshot'],
  { request }: ShownEvaluation,
  send: PageContext['send'],
): MenuItem[] {
  const preferences = request?.task === 'compare' && request.compare?.of !== 'texts';
  return [
    { label: 'CSV', hint: 'the rows shown', icon: 'table', run: () => send({ type: 'export', what: 'csv' }) },
    { label: 'JSON', hint: 'with the figures', icon: 'json', run: () => send({ type: 'export', what: 'json' }) },
    ...(preferences
      ? [
          {
            label: 'Preferences',
            hint: votes.length > 0 ? `from ${counted(votes.length, 'vote')}` : 'vote first',
            icon: 'thumbsup',
            disabled: votes.length === 0,
            run: () => send({ type: 'export', what: 'preferences' }),
          },
        ]
      : []),
  ];
}

function more(state: ShownEvaluation['state'], command: (command: EvaluationCommand) => () => void): MenuItem[] {
  const busy = isWorking(state);
  return [
    { label: 'Evaluate again…', icon: 'debug-rerun', run: command('lmLab.evaluateAgain') },
    { label: 'Open evaluation.json', icon: 'json', run: command('lmLab.openEvaluationRequest') },
    { label: 'Rename…', icon: 'edit', disabled: busy, run: command('lmLab.renameEvaluation') },
    { label: 'Delete…', icon: 'trash', disabled: busy, run: command('lmLab.deleteEvaluation') },
  ];
}

/** `128 of 872 rows · 20 s left · cpu` */
function progressWords({ state, status, result }: ShownEvaluation): string {
  if (state === 'finished' && result) {
    const device = status?.device ?? '';
    const left = result.leftOut > 0 && `${count(result.leftOut)} left out`;
    return [counted(result.rows, 'row'), left, duration(result.wallSeconds), device].filter(Boolean).join(' · ');
  }
  if (!status || state === 'queued') return '';
  const words = [
    status.rowsTotal > 0 && `${count(status.rowsDone)} of ${counted(status.rowsTotal, 'row')}`,
    state === 'running' && status.secondsLeft !== undefined && `${duration(status.secondsLeft)} left`,
    status.device,
  ];
  return words.filter(Boolean).join(' · ');
}

function progressLine({ state, status }: ShownEvaluation): TemplateResult | typeof nothing {
  if (!isWorking(state) && state !== 'queued') return nothing;
  const { message = 'The evaluation starts', rowsDone = 0, rowsTotal = 0 } = status ?? {};
  return progressBar({ message, done: rowsDone, unit: 'rows', ...(rowsTotal > 0 && { total: rowsTotal }) });
}
