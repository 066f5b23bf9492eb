import { html, nothing, type TemplateResult } from 'lit';
import type { PanelText } from '../../src/protocol/panels/tokenProbabilities.ts';
import type { ScoredText } from '../../src/protocol/engine.ts';
import type { PageContext } from './context.ts';
import { figures, whyUnscored } from './figures.ts';

/** The figures of the text that is laid open, a line for each model. */
export function summary(text: PanelText, { snapshot }: PageContext): TemplateResult {
  const { model, comparedModel } = snapshot;
  const why = whyUnscored(text.scored);
  if (why !== null) return html`<p class="summary why"><span class="codicon codicon-info"></span> ${why}</p>`;
  if (!text.compared || comparedModel === null) return html`<div class="summary">${figureList(text.scored)}</div>`;
  return html`
    <div class="summary compared">
      ${figureList(text.scored, model)}
      ${figureList(text.compared, comparedModel, 'second')}
    </div>
  `;
}

function figureList(scored: ScoredText, model?: string, kind = 'first'): TemplateResult {
  return html`
    <dl class="figures ${kind}" aria-label=${model ?? 'Summary'}>
      ${model ? html`<div class="figure-model" title=${model}>${model}</div>` : nothing}
      ${figures(scored).map(
        ({ name, value, unit, meaning }) => html`
          <div class="figure ${name}" title=${meaning}>
            <dt class=${name === 'perplexity' ? '' : 'visually-hidden'}>${name}</dt>
            <dd><b>${value}</b>${unit ? html` <span class="unit">${unit}</span>` : nothing}</dd>
          </div>
        `,
      )}
    </dl>
  `;
}
