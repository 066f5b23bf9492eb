import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { RenderedRow, RenderedSequence } from '../../src/protocol/dataset.ts';
import { count, counted } from '../shared/format.ts';
import { tokenText } from '../shared/tokenText.ts';
import { type PageContext, scoresTokens } from './context.ts';

/** The chosen row, as the model is given it: prompt and completion told apart, and what the loss looks at. */
export function rowDetail({ snapshot }: PageContext): TemplateResult {
  const { row, chosenRow } = snapshot;
  if (chosenRow === null) {
    return html`<p class="quiet">Choose a row: it is shown here as the model is given it, token by token.</p>`;
  }
  if (row.error) {
    return html`<p role="alert"><span class="codicon codicon-error" aria-hidden="true"></span>
      ${row.error.message} <span class="quiet">${row.error.remedy}</span></p>`;
  }
  if (!row.value) return html`<p class="quiet">${row.progress?.message ?? ''}</p>`;
  const { value } = row;
  const scores = scoresTokens(snapshot);
  return html`${guard([value, scores], () => rendered(value, scores))}`;
}

function rendered({ label, part, leftOut, sequences }: RenderedRow, scores: boolean): TemplateResult {
  const [only] = sequences.length === 1 ? sequences : [];
  return html`
    <p class="row-facts">
      ${part ? html`<span class="part-badge of-${part}">${part}</span>` : nothing}
      ${label === undefined ? nothing : html`<span>label <b>${label}</b></span>`}
      ${only ? facts(only, scores) : nothing} ${scores ? key() : nothing}
    </p>
    ${
      leftOut
        ? html`<p class="left-out"><span class="codicon codicon-warning" aria-hidden="true"></span> Left out: ${leftOut}</p>`
        : nothing
    }
    ${sequences.map(sequence => html`${only ? nothing : html`<p>${facts(sequence, scores)}</p>`} ${pieces(sequence, scores)}`)}
  `;
}

const key = (): TemplateResult => html`
  <span class="piece-key" role="note" aria-label="Key">
    <span class="piece prompt">prompt</span><span class="piece completion scored">scored completion</span>
    <span class="piece masked">not scored</span>
  </span>
`;

function facts({ name, tokens, cutTokens }: RenderedSequence, scores: boolean): TemplateResult {
  const prompt = tokens.filter(token => token.part === 'prompt').length;
  const scored = tokens.filter(token => token.scored).length;
  return html`
    <span class="quiet steady">
      ${name ? html`<b>${name}</b> ` : nothing}${counted(tokens.length, 'token')}${
        scores ? ` · ${count(prompt)} prompt · ${count(scored)} scored` : ''
      }${cutTokens > 0 ? html` · <span class="some">${count(cutTokens)} cut off</span>` : ''}
    </span>
  `;
}

function pieces({ name, tokens }: RenderedSequence, scores: boolean): TemplateResult {
  const told = (scored: boolean): string => (scores ? (scored ? ', scored' : ', not scored') : '');
  return html`
    <div class="pieces token-text" tabindex="0" role="group" aria-label=${name ?? 'The row in tokens'}>${tokens.map(
      ({ id, text, part, scored }) =>
        html`<span class="piece ${part} ${scores ? (scored ? 'scored' : 'masked') : ''}" title=${`${id} · ${part}${told(scored)}`}>${tokenText(text)}</span>`,
    )}</div>
  `;
}
