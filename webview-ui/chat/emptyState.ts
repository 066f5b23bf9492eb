import { html, type TemplateResult } from 'lit';
import type { PageContext } from './context.ts';

const EXAMPLES = ['What makes a film worth seeing twice?', 'Tell me about a rainy day by the sea.'];

/** Nothing was said yet: how it begins. */
export function emptyState({ send, change }: PageContext): TemplateResult {
  const begin = (text: string): void => {
    change({ draft: text });
    send({ type: 'draft', text });
    document.querySelector<HTMLElement>('#message')?.focus();
  };
  return html`
    <div class="state">
      <h2>Talk to the model</h2>
      <p>
        A chat is one long text to it: a template joins the turns, and the model goes on with the next one. Write
        something and see what it is given.
      </p>
      <div class="buttons">
        ${EXAMPLES.map(example => html`<button class="link" @click=${() => begin(example)}>${example}</button>`)}
      </div>
    </div>
  `;
}
