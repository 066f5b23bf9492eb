import { nothing, type TemplateResult } from 'lit';
import type { EvaluationCommand, ShownEvaluation } from '../../src/protocol/panels/evaluation.ts';
import { count } from '../shared/format.ts';
import { type Notice, noticeLine } from '../shared/notice.ts';
import type { PageContext } from './context.ts';

const REQUEST = ['Open evaluation.json', 'lmLab.openEvaluationRequest'] as const;
const AGAIN = ['Change and evaluate again…', 'lmLab.evaluateAgain'] as const;

/** What the state means, where that is not plain, with the way out of it as a button. */
export function notices({ evaluation, snapshot, send }: PageContext): TemplateResult | typeof nothing {
  const notice = noticeOf(evaluation, snapshot.rows.all);
  return notice ? noticeLine(notice, command => send({ type: 'evaluationCommand', command })) : nothing;
}

function noticeOf({ state, status, problem }: ShownEvaluation, rows: number): Notice<EvaluationCommand> | null {
  const resume = [rows > 0 ? `Resume after ${count(rows)}` : 'Start again', 'lmLab.resumeEvaluation'] as const;
  if (problem) return { kind: 'failed', text: problem.message, remedy: problem.remedy, buttons: [REQUEST] };
  switch (state) {
    case 'failed': {
      const { message = 'The evaluation failed and did not say why.', remedy = 'Start it again.' } =
        status?.error ?? {};
      return { kind: 'failed', text: message, remedy, buttons: [resume, AGAIN] };
    }
    case 'lost': {
      const text = `The engine on ${status?.host ?? 'another machine'} that evaluated is gone.`;
      return { kind: 'warning', text, remedy: 'What is done stays.', buttons: [resume] };
    }
    case 'stopped':
      return { kind: 'info', text: 'Stopped. The figures are over the rows that are done.', buttons: [resume] };
    case 'queued':
      return { kind: 'info', text: 'The evaluation starts…', buttons: [] };
    case 'running':
      return rows > 0 ? null : { kind: 'info', text: `${status?.message || 'The evaluation starts'}…`, buttons: [] };
    case 'ready':
      return {
        kind: 'info',
        text: 'This evaluation has not begun.',
        buttons: [['Start', 'lmLab.resumeEvaluation'], REQUEST],
      };
    default:
      return null;
  }
}
