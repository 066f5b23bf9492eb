import type { RunLock, RunState, RunStatus } from './folder.ts';

/** A run's state as it is shown: `lost` where its trainer is gone without having said so, `ready` before a first start. */
export type ShownState = RunState | 'lost' | 'ready';

/** Seconds after which a trainer on another machine that shows no sign of life is lost; more where its steps are long. */
const SILENT_SECONDS = 60;
const SILENT_STEPS = 3;

/** This machine, as a reader sees it. */
export interface Observer {
  readonly host: string;
  readonly now: Date;
  processExists(processId: number): boolean;
}

/** States in which a trainer works on the run, if it is still there. */
const WORKING: readonly RunState[] = ['preparing', 'running', 'stopping'];

export const isWorking = (state: ShownState): boolean => WORKING.includes(state as RunState);

export const hasEnded = (state: ShownState): boolean => ['stopped', 'finished', 'failed', 'lost'].includes(state);

/** Whether it can be started: it has not begun, or it ended before it was finished and can be resumed. */
export const mayStart = (state: ShownState): boolean => state === 'ready' || (hasEnded(state) && state !== 'finished');

/**
 * Whether the trainer that holds a run is alive: on this host by its process, elsewhere by its heartbeat.
 * @param stepSeconds how long a step takes; 0 where that is not known
 */
export function isAlive(
  { host, processId, heartbeatAt }: RunLock & Pick<RunStatus, 'heartbeatAt'>,
  stepSeconds: number,
  observer: Observer,
): boolean {
  if (host === observer.host) return observer.processExists(processId);
  const silentSeconds = (observer.now.getTime() - Date.parse(heartbeatAt)) / 1000;
  return silentSeconds <= Math.max(SILENT_SECONDS, SILENT_STEPS * stepSeconds);
}

/** The state to show for what status.json says. */
export function shownState(status: RunStatus | undefined, stepSeconds: number, observer: Observer): ShownState {
  if (!status) return 'ready';
  if (!isWorking(status.state)) return status.state;
  return isAlive(status, stepSeconds, observer) ? status.state : 'lost';
}
