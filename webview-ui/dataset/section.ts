import { html, type TemplateResult } from 'lit';

/** A line of the page: what it is about, and what there is to see or set. */
export const section = (name: string, title: string, content: unknown): TemplateResult => html`
  <section class="part part-${name}" aria-label=${title}>
    <h3>${title}</h3>
    <div class="part-body">${content}</div>
  </section>
`;
