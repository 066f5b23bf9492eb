import { html, nothing, type TemplateResult } from 'lit';
import type { CompareResult } from '../../../src/protocol/evaluation/folder.ts';
import type { Precision } from '../../../src/protocol/precision.ts';
import { bitsPerByte, count, NONE, percent, perplexity } from '../../shared/format.ts';
import { shortName } from '../about.ts';
import type { PageContext } from '../context.ts';
import { startVoting } from '../rows/voting.ts';
import { interval } from './interval.ts';
import { tenths } from './tenths.ts';
import { statisticsTable } from './statistics.ts';

type Model = CompareResult['models'][number];
type Win = CompareResult['wins'][number];

/** Each model's figures, who does better how often, and what their texts are like. */
export function compared(result: CompareResult, context: PageContext): TemplateResult {
  const { models, notes } = result;
  const texts = models.flatMap(({ model, texts }) => (texts ? [{ name: shortName(model), texts }] : []));
  return html`
    ${notes.length > 0 ? html`<ul class="notes">${notes.map(note => html`<li><span class="codicon codicon-info" aria-hidden="true"></span> ${note}</li>`)}</ul>` : nothing}
    <div class="figure-row">
      <section class="wide" aria-label="Models">${modelsTable(models, context.evaluation.status?.precisions ?? [])}</section>
      <section class="wide" aria-label="Win rates">${winsTable(result, context)}</section>
      ${texts.length > 0 ? html`<section class="wide" aria-label="Texts">${statisticsTable('The responses as texts', texts)}</section>` : nothing}
    </div>
  `;
}

function modelsTable(models: readonly Model[], precisions: readonly Precision[]): TemplateResult {
  const [first] = models;
  const inFewerBits = precisions.some(one => one !== 'f32');
  const has = {
    apart: models.some(({ divergence }) => divergence),
    reward: first?.reward !== undefined,
    judged: first?.judged !== undefined,
  };
  return html`
    <table class="plain">
      <caption>By model</caption>
      <thead>
        <tr>
          <th scope="col">model</th>
          <th scope="col" class="number" title="Of all scored tokens together, by the model itself: lower is surer">perplexity</th>
          ${has.apart ? html`<th scope="col" class="number" title="Perplexity beside that of the same model in f32">to f32</th>` : nothing}
          <th scope="col" class="number" title="Comparable between tokenizers">bits/byte</th>
          ${has.apart ? html`<th scope="col" class="number" title="Kullback-Leibler divergence of its predictions from those of the same model in f32, in nats: the mean over all scored tokens, and the largest">KL to f32, nats</th>` : nothing}
          ${has.reward ? html`<th scope="col" class="number" title="Mean score by the reward model">reward</th>` : nothing}
          ${has.judged ? html`<th scope="col" class="number" title="Mean score by the judge, 0 to 100">judged</th>` : nothing}
          ${(first?.checks ?? []).map(({ name }) => html`<th scope="col" title="Share of responses that pass"><code>${name}</code></th>`)}
        </tr>
      </thead>
      <tbody>
        ${models.map(
          ({ model, perplexity: value, bitsPerByte: bits, divergence, reward, judged, checks }, at) => html`
            <tr>
              <th scope="row" class="label" title=${model}>${shortName(model)}${inFewerBits ? precisionOf(model, precisions[at]) : nothing}</th>
              <td class="number">${perplexity(value)}</td>
              ${has.apart ? html`<td class="number">${divergence ? dearer(value, models, model) : NONE}</td>` : nothing}
              <td class="number">${bitsPerByte(bits)}</td>
              ${has.apart ? html`<td class="number">${divergence ? html`${divergence.mean.toPrecision(2)} <span class="quiet">max ${divergence.largest.toPrecision(2)}</span>` : NONE}</td>` : nothing}
              ${has.reward ? html`<td class="number">${reward ? signed(reward.value, reward.low, reward.high) : NONE}</td>` : nothing}
              ${has.judged ? html`<td class="number">${judged ? interval(judged, tenths, 100) : NONE}</td>` : nothing}
              ${checks.map(({ passed }) => html`<td>${interval(passed)}</td>`)}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

/** One that is compared with itself bears its precision in its name. */
const precisionOf = (model: string, precision: Precision | undefined): TemplateResult | typeof nothing =>
  precision && !model.endsWith(` ${precision}`) ? html` <span class="quiet">${precision}</span>` : nothing;

/** By how much the perplexity differs from that of the same model in f32. */
function dearer(value: number | null, models: readonly Model[], model: string): string {
  const exact = models.find(one => one.model === model.replace(/ [^ ]+$/, ' f32'))?.perplexity;
  if (value === null || !exact) return NONE;
  const share = value / exact - 1;
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}

const signed = (value: number, low: number, high: number): TemplateResult => html`
  <span title=${`95 % interval: ${low.toFixed(2)} to ${high.toFixed(2)}`}>${value.toFixed(2)}</span>
`;

/** By each measure that there is, the people's votes among them: they are counted anew with each. */
function winsTable({ wins }: CompareResult, context: PageContext): TemplateResult {
  const { snapshot, evaluation } = context;
  const responses = evaluation.request?.compare?.of !== 'texts';
  const table = html`
    <table class="plain">
      <caption>How often the first does better; ties count half</caption>
      <thead>
        <tr><th scope="col" class="label">first, second</th><th scope="col">by</th><th scope="col">wins</th>
          <th scope="col" class="number">rows</th><th scope="col" class="number">ties</th>
          <th scope="col" class="number" title="Two-sided sign test over the rows that are no ties: how often chance alone would differ as much">p</th></tr>
      </thead>
      <tbody>${wins.map(winRow)}</tbody>
    </table>
  `;
  return html`
    ${wins.length > 0 ? table : html`<p class="quiet">Nothing tells yet who does better: vote, or evaluate again with a judge or a reward model.</p>`}
    ${
      responses
        ? html`<p><button class="link" @click=${() => startVoting(context)}>${snapshot.votes.length > 0 ? 'Vote on more rows' : 'Vote without seeing whose response it is'}</button></p>`
        : nothing
    }
  `;
}

const MEASURES: Readonly<Record<Win['measure'], string>> = {
  perplexity: 'perplexity',
  bitsPerByte: 'bits per byte',
  reward: 'reward',
  judge: 'judge',
  votes: 'votes',
};

const winRow = ({ first, second, measure, rate, ties, pValue }: Win): TemplateResult => html`
  <tr><th scope="row" class="label"><div class="label" title=${first}>${shortName(first)}</div><div class="label quiet" title=${second}>${shortName(second)}</div></th>
    <td>${MEASURES[measure]}</td><td>${interval(rate)}</td><td class="number">${count(rate.count)}</td><td class="number">${count(ties)}</td>
    <td class="number ${pValue < 0.05 ? '' : 'quiet'}">${pText(pValue)}</td></tr>
`;

const pText = (p: number): string => (p < 0.001 ? '<0.001' : p.toFixed(3));
