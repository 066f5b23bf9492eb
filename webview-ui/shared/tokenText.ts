import { html, type TemplateResult } from 'lit';
import { stretches } from './whitespace.ts';

/**
 * A token's text with its overlooked whitespace marked, styled by tokenText.css. The later pieces of a character that
 * several tokens share have no text of their own.
 */
export function tokenText(shown: string): TemplateResult | Array<TemplateResult | string> {
  if (shown === '') return html`<i class="mark" data-mark="…"></i>`;
  return stretches(shown).map(({ text, mark, kind }) =>
    mark ? html`<i class="mark ${kind}" data-mark=${mark}>${text}</i>` : text,
  );
}
