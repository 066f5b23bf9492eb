import { html, nothing, type TemplateResult } from 'lit';
import type { PageContext } from '../context.ts';
import { shortName, whoOf } from '../about.ts';
import { action } from '../../shared/toolbar.ts';
import { figurePairs, figuresOf } from './figureList.ts';

/** The figures of two evaluations of one task beside each other, with how they differ. */
export function versus({ snapshot, evaluation, send }: PageContext): TemplateResult | typeof nothing {
  const { compared } = snapshot;
  if (!compared) return nothing;
  const [own, other] = [evaluation.result, compared.result];
  const pairs = own && other ? figurePairs(figuresOf(own), figuresOf(other)) : [];
  const who = [evaluation, compared].map(({ request, status }) =>
    request
      ? whoOf(request, status ?? undefined)
          .map(shortName)
          .join(' · ')
      : '',
  );
  const unequal = own && other && own.rows !== other.rows;
  return html`
    <section class="versus" aria-label="Two evaluations compared">
      <div class="versus-head">
        <h3>Beside “${compared.title}”</h3>
        ${action('arrow-swap', '', 'Show the other one as the first', false, () => {
          send({ type: 'show', folder: compared.folder });
          send({ type: 'compareWith', folder: evaluation.folder });
        })}
        ${action('close', '', 'Compare no longer', false, () => send({ type: 'compareWith', folder: null }))}
      </div>
      ${
        pairs.length === 0
          ? html`<p class="quiet">The figures stand beside each other once both are finished.</p>`
          : html`<table class="plain">
              <thead><tr><td></td><th scope="col" class="number">this</th><th scope="col" class="number">the other</th>
                <th scope="col" class="number">difference</th><td></td></tr></thead>
              <tbody>
                ${
                  who[0] === who[1]
                    ? nothing
                    : html`<tr class="quiet"><th scope="row" class="label">model</th>
                        ${who.map(name => html`<td class="number label" title=${name}>${name}</td>`)}<td></td><td></td></tr>`
                }
                ${pairs.map(
                  ({ name, first, second, difference, better, overlap }) => html`
                    <tr><th scope="row" class="label" title=${name}>${name}</th>
                      <td class="number ${better === 'first' ? 'better' : ''}">${first}</td>
                      <td class="number ${better === 'second' ? 'better' : ''}">${second}</td>
                      <td class="number">${difference}</td>
                      <td class="quiet">${overlap ? html`<span title="Their 95 % intervals overlap">may be chance</span>` : nothing}</td></tr>
                  `,
                )}
              </tbody>
            </table>
            ${unequal ? html`<p class="quiet">They are of ${own.rows.toLocaleString('en')} and ${other.rows.toLocaleString('en')} rows.</p>` : nothing}`
      }
    </section>
  `;
}
