import { html, type TemplateResult } from 'lit';
import { EVALUATION_WORDS } from '../../src/protocol/evaluation/words.ts';
import type { EvaluationIntent, EvaluationSnapshot } from '../../src/protocol/panels/evaluation.ts';
import { folderChoice } from '../shared/folderChoice.ts';

/** No evaluation is shown: those that could be, or what to do first. */
export function emptyState({ others }: EvaluationSnapshot, send: (intent: EvaluationIntent) => void): TemplateResult {
  return html`
    <section class="state" aria-label="No evaluation">
      <h2>${others.length > 0 ? 'Which evaluation?' : 'Nothing is evaluated here yet'}</h2>
      <p>
        ${
          others.length > 0
            ? 'The rows and figures of an evaluation come from its folder, live while it goes on and later.'
            : 'Choose a dataset file and what to ask of a model over its rows: accuracy by a prompt, responses, a judge’s scores, or two models side by side.'
        }
      </p>
      ${folderChoice(others, EVALUATION_WORDS, folder => send({ type: 'show', folder }))}
      <div class="buttons">
        <vscode-button @click=${() => send({ type: 'evaluate' })}>Evaluate…</vscode-button>
      </div>
    </section>
  `;
}
