import { html, nothing, type TemplateResult } from 'lit';
import type { ClassificationResult } from '../../../src/protocol/evaluation/folder.ts';
import { confusionMatrix } from '../../shared/confusion.ts';
import { count, counted, percent } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { calibration } from './calibration.ts';
import { interval } from './interval.ts';

/** Accuracy, who was taken for whom, each label's figures, and whether its certainty can be believed. */
export function classification(result: ClassificationResult, context: PageContext): TemplateResult {
  return html`
    <div class="figure-row">
      ${accuracy(result)} ${confusion(result.confusion, context)} ${classes(result)} ${calibration(result, context)}
    </div>
  `;
}

/** While it goes on: over the rows that are done. */
export function classificationSoFar(found: ClassificationResult['confusion'], context: PageContext): TemplateResult {
  const total = found.counts.flat().reduce((sum, rows) => sum + rows, 0);
  const right = found.counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  return html`
    <div class="figure-row">
      <section class="accuracy" aria-label="Accuracy so far">
        <h3>Accuracy so far</h3>
        <p><b class="large steady">${percent(right / Math.max(1, total))}</b></p>
        <p class="quiet">of ${counted(total, 'row')}</p>
      </section>
      ${confusion(found, context)}
    </div>
  `;
}

function accuracy({ accuracy, classes, cutRows }: ClassificationResult): TemplateResult {
  const most = classes.reduce((a, b) => (b.support > a.support ? b : a), { label: '', support: 0 });
  const always = most.support / Math.max(1, accuracy.count);
  return html`
    <section class="accuracy" aria-label="Accuracy">
      <h3>Accuracy</h3>
      <p class="large">${interval(accuracy)}</p>
      <p class="quiet">of ${counted(accuracy.count, 'row')}; 95 % interval</p>
      ${
        most.support > 0
          ? html`<p class=${always > accuracy.high ? 'below' : 'quiet'} title="What is right without looking: the most frequent label for every row">
              always “${most.label}”: ${percent(always)}
            </p>`
          : nothing
      }
      ${cutRows > 0 ? html`<p class="quiet" title="A part of them did not fit into the model’s context">${counted(cutRows, 'row')} cut to fit</p>` : nothing}
    </section>
  `;
}

function confusion({ labels, counts }: ClassificationResult['confusion'], { ui, ask }: PageContext): TemplateResult {
  const { facets } = ui.query;
  const isChosen = (label: string, predicted: string): boolean =>
    facets.label === label && facets.predicted === predicted;
  const choose = (label: string, predicted: string): void =>
    ask({ only: null, facets: isChosen(label, predicted) ? {} : { label, predicted } });
  return html`
    <section class="wide" aria-label="Confusion" tabindex="-1">
      ${confusionMatrix({ caption: 'True label by row, predicted by column; a cell shows its rows', labels, counts, choose, isChosen })}
    </section>
  `;
}

function classes({ classes }: ClassificationResult): TemplateResult {
  return html`
    <section class="wide" aria-label="By label">
      <table class="plain">
        <caption>By label</caption>
        <thead>
          <tr>
            <th scope="col">label</th>
            <th scope="col" class="number" title="Of the rows that were taken for it, the share that are">precision</th>
            <th scope="col" class="number" title="Of the rows that are it, the share that were found">recall</th>
            <th scope="col" class="number" title="Harmonic mean of precision and recall">F1</th>
            <th scope="col" class="number">rows</th>
          </tr>
        </thead>
        <tbody>
          ${classes.map(
            ({ label, precision, recall, f1, support }) => html`
              <tr><th scope="row" class="label" title=${label}>${label}</th>
                ${[precision, recall, f1].map(share => html`<td class="number">${percent(share)}</td>`)}
                <td class="number">${count(support)}</td></tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `;
}
