import { html, nothing, type TemplateResult } from 'lit';
import type { Alternative } from '../../src/protocol/engine.ts';
import { visibleText } from '../../src/protocol/heat.ts';
import { percent } from './format.ts';
import { styles } from './styles.ts';

export interface AlternativesOptions {
  readonly caption: string;
  /** Id of the token that stands there. */
  readonly here: number;
  /** What choosing another one does, and how that is said (`Replace with`); null where they are only shown. */
  readonly choose: { readonly verb: string; run(alternative: Alternative): void } | null;
}

/** What the model expected at a position, likeliest first. */
export function alternativesList(
  top: readonly Alternative[],
  { caption, here, choose }: AlternativesOptions,
): TemplateResult | typeof nothing {
  const likeliest = top[0]?.probability;
  if (likeliest === undefined) return nothing;
  const row = (alternative: Alternative): TemplateResult => {
    const { id, text, probability } = alternative;
    const share = percent(probability);
    const figures = html`
      <span class="bar"><span ${styles({ width: `${(probability / likeliest) * 100}%` })}></span></span>
      <span class="number">${share}</span>
      <span class="token-text">${visibleText(text)}</span>
    `;
    if (!choose) return html`<li class="alternative ${id === here ? 'here' : ''}">${figures}</li>`;
    return html`
      <li>
        <button
          class="alternative ${id === here ? 'here' : ''}"
          ?disabled=${id === here}
          aria-label=${id === here ? `${text}, ${share}, stands here` : `${choose.verb} ${text}, ${share}`}
          @click=${() => choose.run(alternative)}
        >${figures}</button>
      </li>
    `;
  };
  return html`
    <div class="card-caption quiet">${caption}</div>
    <ul class="alternatives">${top.map(row)}</ul>
  `;
}
