import { html, type TemplateResult } from 'lit';
import { count, counted, percent } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import { rankHistogram } from './rankHistogram.ts';
import type { TokenRow } from './rows.ts';

/** How many tokens were the model's first choice, among its ten likeliest, and so on. */
export function ranks(rows: readonly TokenRow[]): TemplateResult {
  const groups = rankHistogram(rows);
  const most = Math.max(...groups.map(({ share }) => share), Number.MIN_VALUE);
  return html`
    <section class="ranks" aria-label="Ranks of the tokens">
      <h3>Ranks</h3>
      <ul>
        ${groups.map(
          ({ name, meaning, tokens, share }) => html`
            <li title=${`${meaning}: ${counted(tokens, 'token')}, ${percent(share)}.`}>
              <span class="rank-name">${name}</span>
              <span class="bar"><span ${styles({ width: `${(share / most) * 100}%`, 'min-width': share > 0 ? '1px' : '0' })}></span></span>
              <span class="number">${count(tokens)}</span>
              <span class="number quiet">${percent(share)}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}
