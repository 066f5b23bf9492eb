import { html, nothing, type TemplateResult } from 'lit';
import type { CurvesRun, RunCommand } from '../../src/protocol/panels/trainingCurves.ts';
import { isWorking } from '../../src/protocol/run/liveness.ts';
import { count, counted, duration } from '../shared/format.ts';
import '../shared/menu.ts';
import type { MenuItem } from '../shared/menu.ts';
import { progressBar } from '../shared/progressBar.ts';
import { stateHead } from '../shared/stateHead.ts';
import { action } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';

/** What the first run is, how far it has come, and what can be done with it. */
export function header(run: CurvesRun, context: PageContext): TemplateResult {
  return html`
    <header class="toolbar">
      ${stateHead(run, progressWords(run))}
      ${runActions(run, context)} ${progressLine(run)}
    </header>
  `;
}

function runActions(run: CurvesRun, { send }: PageContext): TemplateResult {
  const { state, folder } = run;
  const command = (command: RunCommand) => (): void => send({ type: 'runCommand', command, folder });
  const begins = state === 'ready' ? 'Start' : run.checkpoints.length > 0 ? 'Resume' : 'Start again';
  const mayBegin = ['ready', 'stopped', 'failed', 'lost'].includes(state);
  const more: MenuItem[] = [
    { label: 'Open run.json', icon: 'json', run: command('lmLab.openRunRequest') },
    { label: 'Rename…', icon: 'edit', disabled: isWorking(state), run: command('lmLab.renameRun') },
    { label: 'Delete…', icon: 'trash', disabled: isWorking(state), run: command('lmLab.deleteRun') },
  ];
  return html`
    <div class="actions" role="toolbar" aria-label=${`What can be done with ${run.title}`}>
      ${
        isWorking(state)
          ? action(
              'debug-stop',
              'Stop',
              'Save, and stop after this step',
              state === 'stopping',
              command('lmLab.stopRun'),
            )
          : mayBegin
            ? action('debug-start', begins, `${begins} training`, false, command('lmLab.startRun'))
            : nothing
      }
      ${
        run.hasModel || run.hasBest
          ? action(
              'check',
              'Use model',
              'List its model and make it the active one',
              false,
              command('lmLab.useRunModel'),
            )
          : nothing
      }
      ${action('folder-opened', '', 'Reveal the run folder', false, command('lmLab.revealRun'))}
      ${action('output', '', 'Open the training log', false, command('lmLab.openRunLog'))}
      <lm-menu .label=${'More of this run'} .items=${more}></lm-menu>
    </div>
  `;
}

/** `step 84 of 650 · 1.9 s/step · 18 min left` */
function progressWords({ state, status, result, stepSeconds, secondsLeft }: CurvesRun): string {
  if (!status || state === 'queued') return '';
  if (state === 'finished' && result)
    return `${counted(result.steps, 'step')} · ${duration(result.wallSeconds)} · ${status.device}`;
  const words = [
    status.totalSteps > 0 && `step ${count(status.step)} of ${count(status.totalSteps)}`,
    state === 'running' && stepSeconds > 0 && paceText(stepSeconds),
    secondsLeft !== null && `${duration(secondsLeft)} left`,
    status.device,
  ];
  return words.filter(Boolean).join(' · ');
}

const paceText = (stepSeconds: number): string =>
  stepSeconds < 0.1 ? `${count(1 / stepSeconds)} steps/s` : `${Number(stepSeconds.toPrecision(2))} s/step`;

function progressLine({ state, status }: CurvesRun): TemplateResult | typeof nothing {
  if (state === 'queued') return progressBar({ message: 'The trainer starts', done: 0, unit: 'rows' });
  if (state === 'preparing') {
    const { message = 'Preparing', done = 0, total } = status?.preparing ?? {};
    return progressBar({ message, done, unit: 'rows', ...(total && { total }) });
  }
  if (!status || !isWorking(state) || status.totalSteps === 0) return nothing;
  return progressBar({ message: 'Training', done: status.step, total: status.totalSteps, unit: 'rows' });
}
