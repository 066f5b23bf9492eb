import { html, nothing, type TemplateResult } from 'lit';
import type { ScoredToken } from '../../src/protocol/engine.ts';
import { alternativesList } from '../shared/alternatives.ts';
import { bitsWithUnit, count, oneIn, percent, signedBits } from '../shared/format.ts';
import type { TokenRow } from './rows.ts';

export interface CardOptions {
  /** Label of the second model, where there is one. */
  readonly secondModel: string | null;
  /** Null where nothing can be replaced now. */
  readonly onReplace: ((text: string) => void) | null;
}

/** All that is known of a token, and what the model expected in its place. */
export function tokenCard(row: TokenRow, options: CardOptions): TemplateResult {
  const { token, label, index } = row;
  return html`
    <div class="card-head">
      <span class="token-text">${label}</span>
      <span class="quiet">id ${token.id} · position ${count(index + 1)}</span>
    </div>
    ${
      token.probability === null
        ? html`<p>Nothing stands before it, so it has no probability.</p>`
        : html`
          <p><b>${percent(token.probability)}</b> <span class="quiet">${token.probability < 0.5 ? oneIn(token.probability) : ''}</span></p>
          ${measures(token)} ${second(row, options)} ${alternatives(row, options)}
        `
    }
  `;
}

const measures = ({ rank, surprisal, entropy }: ScoredToken): TemplateResult => html`
  <dl class="measures">
    <div title="Place among all tokens that could have stood here.">
      <dt>rank</dt>
      <dd>${rank === null ? '–' : count(rank)}</dd>
    </div>
    <div title="Surprisal: −log₂ of the probability.">
      <dt>surprisal</dt>
      <dd>${bitsWithUnit(surprisal)}</dd>
    </div>
    <div title="Surprisal that the model expected here on average: how open the position was.">
      <dt>entropy</dt>
      <dd>${bitsWithUnit(entropy)}</dd>
    </div>
  </dl>
`;

function second({ compared, extraBits }: TokenRow, { secondModel }: CardOptions): TemplateResult | typeof nothing {
  if (secondModel === null) return nothing;
  return html`
    <p class="second">
      <span class="quiet">${secondModel}</span>
      ${
        compared
          ? html`${percent(compared.probability)} · ${bitsWithUnit(compared.surprisal)} (${signedBits(extraBits)})`
          : 'cuts the text differently here'
      }
    </p>
  `;
}

function alternatives({ token }: TokenRow, { onReplace }: CardOptions): TemplateResult | typeof nothing {
  return alternativesList(token.top ?? [], {
    caption: onReplace ? 'What the model expected: choose to replace' : 'What the model expected',
    here: token.id,
    choose: onReplace && { verb: 'Replace with', run: ({ text }) => onReplace(text) },
  });
}
