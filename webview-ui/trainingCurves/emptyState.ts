import { html, type TemplateResult } from 'lit';
import { STATE_WORDS } from '../../src/protocol/run/words.ts';
import { folderChoice } from '../shared/folderChoice.ts';
import type { PageContext } from './context.ts';

/** No run is shown: those that could be, or what to do first. */
export function emptyState({ store, send }: PageContext): TemplateResult {
  const others = store.snapshot?.others ?? [];
  return html`
    <section class="state" aria-label="No run">
      <h2>${others.length > 0 ? 'Which run?' : 'Nothing is trained here yet'}</h2>
      <p>
        ${
          others.length > 0
            ? 'The curves of a run come from its folder, live while it trains and later.'
            : 'Open a dataset file and fine-tune a model on it: its curves appear here from the first step. Runs of a cluster can be opened by their folder.'
        }
      </p>
      ${folderChoice(others, STATE_WORDS, folder => send({ type: 'show', folders: [folder] }))}
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => send({ type: 'openFolder' })}>Open a run folder…</vscode-button>
      </div>
    </section>
  `;
}
