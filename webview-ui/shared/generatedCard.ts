import { html, nothing, type TemplateResult } from 'lit';
import type { Alternative } from '../../src/protocol/engine.ts';
import type { ChoiceLeft, GeneratedToken } from '../../src/protocol/generation.ts';
import { visibleText } from '../../src/protocol/heat.ts';
import { alternativesList } from './alternatives.ts';
import { bitsWithUnit, count, counted, oneIn, percent } from './format.ts';

export interface GeneratedCardOptions {
  /** Place in the generated text, from 0. */
  readonly index: number;
  /** Tokens were drawn at random. */
  readonly drawn: boolean;
  /** Lets the text go on from another token here; null where it can't. */
  readonly onChoose: ((alternative: Alternative) => void) | null;
}

/** All that is known of a token that the model chose, and what it could have chosen. */
export function generatedCard(token: GeneratedToken, { index, drawn, onChoose }: GeneratedCardOptions): TemplateResult {
  const { probability, rank, entropy, left } = token;
  return html`
    <div class="card-head">
      <span class="token-text">${visibleText(token.text)}</span>
      <span class="quiet">id ${token.id} · position ${count(index + 1)}</span>
    </div>
    <p><b>${percent(probability)}</b> <span class="quiet">${probability < 0.5 ? oneIn(probability) : ''}</span></p>
    <dl class="measures">
      ${measure('rank', count(rank), 'Place among all tokens that could have stood here.')}
      ${measure('surprisal', bitsWithUnit(-Math.log2(probability)), 'Surprisal: −log₂ of the probability.')}
      ${measure('entropy', bitsWithUnit(entropy), 'How open the position was: the surprisal that the model expected here.')}
    </dl>
    ${drawn ? choice(left) : nothing}
    ${alternativesList(token.top ?? [], {
      caption: onChoose ? 'What the model expected: choose to go on from there' : 'What the model expected',
      here: token.id,
      choose: onChoose && { verb: 'Go on with', run: onChoose },
    })}
  `;
}

const measure = (name: string, value: string, meaning: string): TemplateResult => html`
  <div title=${meaning}>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>
`;

/** What was left to draw from, and with what chance; nothing is said where there was nothing to draw. */
function choice({ tokens, probability, chance }: ChoiceLeft): TemplateResult | typeof nothing {
  if (tokens === 1) return nothing;
  const among = probability > 0.999_999 ? '' : ` among ${counted(tokens, 'token')} that hold ${percent(probability)}`;
  return html`<p class="quiet" title="After penalties, temperature and filters.">drawn with ${percent(chance)}${among}</p>`;
}
