import { STATE_WORDS } from '../../protocol/run/words.ts';
import { duration, percent } from '../format.ts';
import type { Run } from '../runs/runList.ts';

/** How far a run has come, or what came of it: `step 84 of 650 · 18 min left`, `loss 0.31 · accuracy 97.3 %`. */
export function runFigures({ state, status, secondsLeft, result }: Run): string {
  const part = result?.metrics.test ? 'test' : 'validation';
  const final = result?.metrics[part];
  if (state === 'finished' && final) {
    const { loss, accuracy } = final;
    return [
      loss !== undefined && `${part} loss ${loss.toPrecision(3)}`,
      accuracy !== undefined && `accuracy ${percent(accuracy)}`,
    ]
      .filter(Boolean)
      .join(' · ');
  }
  if (state === 'preparing') return status?.preparing?.message ?? '';
  if (!status || status.totalSteps === 0) return '';
  const step = `step ${status.step.toLocaleString('en')} of ${status.totalSteps.toLocaleString('en')}`;
  return secondsLeft === undefined ? step : `${step} · ${duration(secondsLeft)} left`;
}

/** For a row of a view, whose icon tells the state: `13 % · 18 min left`, `accuracy 97.7 %`, `stopped after 420`. */
export function shortFigures(run: Run): string {
  const { state, status, secondsLeft } = run;
  const percent = percentDone(run);
  switch (state) {
    case 'running':
      return [
        percent !== undefined && `${percent} %`,
        secondsLeft === undefined ? 'running' : `${duration(secondsLeft)} left`,
      ]
        .filter(Boolean)
        .join(' · ');
    case 'finished':
      return runFigures(run).split(' · ').at(-1) || STATE_WORDS[state];
    case 'stopped':
    case 'failed':
      return status && status.step > 0 ? `${STATE_WORDS[state]} after step ${status.step}` : STATE_WORDS[state];
    default:
      return STATE_WORDS[state];
  }
}

/** From 0 to 100; undefined while it is not known how much there is to do. */
export function percentDone({ status }: Run): number | undefined {
  return status && status.totalSteps > 0 ? Math.floor((100 * status.step) / status.totalSteps) : undefined;
}
