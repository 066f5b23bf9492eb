import { html, type TemplateResult } from 'lit';
import { isWorking, type ShownState } from '../../src/protocol/run/liveness.ts';
import { STATE_WORDS } from '../../src/protocol/run/words.ts';

const ICONS: Readonly<Record<ShownState, string>> = {
  ready: 'circle-outline',
  queued: 'sync',
  preparing: 'sync',
  running: 'sync',
  stopping: 'sync',
  stopped: 'debug-pause',
  finished: 'pass-filled',
  failed: 'error',
  lost: 'warning',
};

interface Headed {
  readonly title: string;
  readonly folder: string;
  readonly state: ShownState;
}

/** What a page is about, its state, and how far it has come. */
export function stateHead(
  { title, folder, state }: Headed,
  progress: string,
  words: Readonly<Record<ShownState, string>> = STATE_WORDS,
): TemplateResult {
  const spinning = isWorking(state) || state === 'queued';
  return html`
    <div class="run-state ${state}">
      <span class="codicon codicon-${ICONS[state]} ${spinning ? 'codicon-modifier-spin' : ''}" aria-hidden="true"></span>
      <h2 title=${folder}>${title}</h2>
      <span class="state-word">${words[state]}</span>
      <span class="quiet steady">${progress}</span>
    </div>
  `;
}
