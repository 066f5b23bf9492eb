import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../src/protocol/heat.ts';
import { count, counted } from '../shared/format.ts';
import { action } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';

/** A row as the model is given it, and of each label’s word the tokens that are scored. */
export function preview({ snapshot, send }: PageContext): TemplateResult | typeof nothing {
  const { preview: asked, previewRow, opened } = snapshot;
  const { value, error } = asked;
  const rows = opened.value?.rows ?? 0;
  const show = (row: number): void => send({ type: 'preview', row });
  return html`
    <section class="preview" aria-label="Preview">
      <div class="preview-head">
        <h3>Row ${count(previewRow + 1)} as the model is given it</h3>
        ${action('chevron-left', '', 'The row before', previewRow === 0, () => show(previewRow - 1))}
        ${action('chevron-right', '', 'The next row', previewRow + 1 >= rows, () => show(previewRow + 1))}
        ${value ? html`<span class="quiet">its label: ${value.label}</span>` : nothing}
      </div>
      ${error && error.code !== 'cancelled' ? html`<p class="setting-problem" role="alert">${error.message} ${error.remedy}</p>` : nothing}
      ${value ? previewed(value) : error ? nothing : html`<p class="quiet">It is shown once prompt and words are there.</p>`}
    </section>
  `;
}

function previewed({ prompt, words }: NonNullable<PageContext['snapshot']['preview']['value']>): TemplateResult {
  return html`
    <div class="written previewed" tabindex="0" role="group" aria-label="Prompt">${prompt}<span class="blank" title="Here stands the word">▁▁</span></div>
    <table class="plain">
      <thead><tr><th scope="col">label</th><th scope="col">tokens from the word on; those underlined are scored</th></tr></thead>
      <tbody>
        ${words.map(
          ({ label, word, tokens }) => html`
            <tr><th scope="row" class="label">${label} <span class="token-text quiet">${visibleText(word)}</span></th>
              <td title=${counted(tokens.filter(({ scored }) => scored).length, 'scored token')}>
                ${tokens.map(({ id, text, scored }) => html`<span class="piece ${scored ? 'scored' : ''} token-text" title=${`token ${id}`}>${visibleText(text)}</span>`)}
              </td></tr>
          `,
        )}
      </tbody>
    </table>
  `;
}
