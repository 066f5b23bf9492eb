import type { EvaluationResult } from '../../protocol/evaluation/folder.ts';
import { EVALUATION_WORDS } from '../../protocol/evaluation/words.ts';
import { duration, percent } from '../format.ts';
import type { Evaluation } from './evaluations.ts';

/** What came of an evaluation in a few words: `accuracy 63.1 %`; empty where no figure stands for it. */
export function mainFigure(result: EvaluationResult): string {
  switch (result.task) {
    case 'prompt':
    case 'classifier':
      return `accuracy ${percent(result.accuracy.value)}`;
    case 'generate':
      return `${result.rows.toLocaleString('en')} responses`;
    case 'judge': {
      const [first] = result.columns;
      return first?.mean ? `score ${first.mean.value.toFixed(1)}` : 'nothing scored';
    }
    case 'compare': {
      const [win] = result.wins;
      return win ? `${percent(win.rate.value)} wins by ${win.measure}` : '';
    }
    case 'probe': {
      const [group] = result.groups;
      return group?.perplexity ? `perplexity ${group.perplexity.toPrecision(4)}` : '';
    }
  }
}

/** For a row of a view, whose icon tells the state: `42 % · 20 s left`, `accuracy 63.1 %`, `stopped after 120`. */
export function shortFigures({ state, status, result }: Evaluation): string {
  const done = status?.rowsTotal ? `${percentDone(status)} %` : undefined;
  if (state === 'finished' && result) return mainFigure(result) || EVALUATION_WORDS.finished;
  if (state === 'running') {
    const left = status?.secondsLeft === undefined ? 'running' : `${duration(status.secondsLeft)} left`;
    return [done, left].filter(Boolean).join(' · ');
  }
  const after = status && status.rowsDone > 0 && (state === 'stopped' || state === 'failed' || state === 'lost');
  return `${EVALUATION_WORDS[state]}${after ? ` after ${status.rowsDone.toLocaleString('en')} rows` : ''}`;
}

const percentDone = ({ rowsDone, rowsTotal }: NonNullable<Evaluation['status']>): number =>
  Math.floor((100 * rowsDone) / rowsTotal);
