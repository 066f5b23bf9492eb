import { html, nothing, type TemplateResult } from 'lit';

/** A text as it is, under its name, with a scroll bar of its own where it is long. */
export const longText = (name: unknown, text: string | undefined, kind = ''): TemplateResult => html`
  <div class="long-text ${kind}">
    ${name === '' ? nothing : html`<span class="text-name quiet">${name}</span>`}
    <div class="written" tabindex="0" role="group" aria-label=${typeof name === 'string' && name !== '' ? name : nothing}>${
      text === undefined
        ? html`<span class="nothing">–</span>`
        : text === ''
          ? html`<span class="nothing">nothing</span>`
          : text
    }</div>
  </div>
`;
