import type { ShownState } from './liveness.ts';

/** How a run is called: its folder's name, without the time that a name of ours begins with. */
export const runTitle = (name: string): string => name.replace(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-/, '');

/** When a run was made, by the name that we gave its folder; undefined for others. ISO 8601, UTC. */
export function madeAt(name: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-/.exec(name);
  return parts ? `${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z` : undefined;
}

export const STATE_WORDS: Readonly<Record<ShownState, string>> = {
  ready: 'not started',
  queued: 'starting',
  preparing: 'preparing',
  running: 'running',
  stopping: 'stopping',
  stopped: 'stopped',
  finished: 'finished',
  failed: 'failed',
  lost: 'trainer gone',
};
