import { nothing, type TemplateResult } from 'lit';
import type { CurvesRun, RunCommand } from '../../src/protocol/panels/trainingCurves.ts';
import { count } from '../shared/format.ts';
import { type Notice, noticeLine } from '../shared/notice.ts';
import type { PageContext } from './context.ts';

const LOG = ['Open log', 'lmLab.openRunLog'] as const;
const REQUEST = ['Open run.json', 'lmLab.openRunRequest'] as const;

/** What the first run's state means, where that is not plain, with the way out of it as a button. */
export function notices(run: CurvesRun, { send }: PageContext): TemplateResult | typeof nothing {
  const notice = noticeOf(run);
  return notice ? noticeLine(notice, command => send({ type: 'runCommand', command, folder: run.folder })) : nothing;
}

/** `Encoding rows: 620 of 1,494` */
function preparingText(preparing: NonNullable<CurvesRun['status']>['preparing']): string {
  if (!preparing) return 'Preparing the data…';
  const { message, done, total } = preparing;
  return total ? `${message}: ${count(done)} of ${count(total)}` : `${message}…`;
}

function noticeOf(run: CurvesRun): Notice<RunCommand> | null {
  const { state, status, problem, checkpoints } = run;
  const last = checkpoints.at(-1);
  const resume = [last === undefined ? 'Start again' : `Resume from step ${count(last)}`, 'lmLab.startRun'] as const;
  if (problem) return { kind: 'failed', text: problem.message, remedy: problem.remedy, buttons: [REQUEST] };
  switch (state) {
    case 'failed': {
      const { message = 'The trainer failed and did not say why.', remedy = 'Look into its log.' } =
        status?.error ?? {};
      return { kind: 'failed', text: message, remedy, buttons: [REQUEST, resume, LOG] };
    }
    case 'lost':
      return {
        kind: 'warning',
        text: `The trainer on ${status?.host ?? 'another machine'} is gone without having said so.`,
        remedy: last === undefined ? 'It left no checkpoint.' : `What came after step ${count(last)} is trained again.`,
        buttons: [resume, LOG],
      };
    case 'preparing':
      return { kind: 'info', text: preparingText(status?.preparing), buttons: [] };
    case 'queued':
      return { kind: 'info', text: 'The trainer starts…', buttons: [] };
    case 'ready':
      return { kind: 'info', text: 'This run has not begun.', buttons: [['Start', 'lmLab.startRun'], REQUEST] };
    default:
      return null;
  }
}
