import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedRow, EvaluatedRow, LabelledRow } from '../../../src/protocol/evaluation/folder.ts';
import type { RuleCheck } from '../../../src/protocol/evaluation/request.ts';
import {
  isCompared,
  isJudged,
  isLabelled,
  isLeftOut,
  isResponse,
  probabilitiesOf,
} from '../../../src/protocol/evaluation/rows.ts';
import { count, counted, percent, perplexity } from '../../shared/format.ts';
import { styles } from '../../shared/styles.ts';
import { action } from '../../shared/toolbar.ts';
import { shortName } from '../about.ts';
import type { PageContext } from '../context.ts';
import { longText } from './longText.ts';

/** All of a row, its texts whole and beside each other, with a way to its line. */
export function rowDetail(row: EvaluatedRow, context: PageContext): TemplateResult {
  const { send, pass } = context;
  const { line } = row;
  return html`
    <section class="row-detail" aria-label=${`Row ${row.row + 1}`}>
      <div class="detail-head">
        <h3>Row ${count(row.row + 1)}</h3>
        ${line === undefined ? nothing : html`<button class="link" @click=${() => send({ type: 'reveal', line, open: true })}>Line ${count(line)} of the file</button>`}
        <span class="grow"></span>
        ${action('close', '', 'Close the row', false, () => pass({ row: null }))}
      </div>
      <div class="detail-body">${contents(row, context)}</div>
    </section>
  `;
}

function contents(row: EvaluatedRow, { evaluation }: PageContext): TemplateResult {
  const { task = 'prompt', compare } = evaluation.request ?? {};
  if (isLeftOut(row)) return html`<p>${row.leftOut}</p>`;
  if (isLabelled(row))
    return html`${longText(row.cutTokens ? `text · ${counted(row.cutTokens, 'token')} did not fit` : 'text', row.text)} ${scores(row, task)}`;
  if (isResponse(row)) {
    const ended = `${shortName(row.model)} · ${counted(row.tokens, 'token')} · ended by ${row.finishReason}`;
    return html`${longText('prompt', row.prompt, 'quiet')}
      <div class="sides">${longText(ended, row.response)} ${row.reference === undefined ? nothing : longText('reference', row.reference, 'quiet')}</div>`;
  }
  if (isJudged(row)) {
    const { attempts, score } = row;
    const given = `judge’s answer · ${score === null ? 'no score' : `score ${score}`} · asked ${attempts === 1 ? 'once' : `${attempts} times`}`;
    return html`<div class="sides">${longText(row.column, row.response)} ${longText(given, row.answer)}</div>
      ${row.problem === undefined ? nothing : html`<p class="problem">${row.problem}</p>`}`;
  }
  if (isCompared(row)) return comparedContents(row, compare?.checks ?? []);
  const name = `${row.column}${row.group === null ? '' : ` · ${row.group}`} · perplexity ${perplexity(row.perplexity)} · ${counted(row.scoredTokens, 'scored token')}`;
  return longText(name, row.text);
}

/** Each label's probability, and the score that it is made from. */
function scores(row: LabelledRow, task: string): TemplateResult {
  const probabilities = probabilitiesOf(row, task);
  const labels = Object.keys(row.scores).sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
  return html`
    <table class="plain scores">
      <tbody>
        ${labels.map(
          label => html`
            <tr>
              <th scope="row" class="label">${label}${label === row.label ? html` <span class="quiet">the row’s</span>` : nothing}</th>
              <td class="perplexity-bar"><span class="steady">${percent(probabilities[label] ?? null)}</span>
                <span class="share-bar" aria-hidden="true" ${styles({ '--share': `${100 * (probabilities[label] ?? 0)}%` })}></span></td>
              ${task === 'prompt' ? html`<td class="number quiet" title="Log-likelihood as normalized, in nats">${(row.scores[label] ?? 0).toFixed(3)}</td>` : nothing}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

const checkText = (check: RuleCheck): string => {
  const [[kind, value] = ['', '']] = Object.entries(check);
  return `${{ startsWith: 'starts with', contains: 'contains', regex: 'matches' }[kind] ?? kind} “${value}”`;
};

function comparedContents({ prompt, reference, models }: ComparedRow, checks: readonly RuleCheck[]): TemplateResult {
  const figures = (one: ComparedRow['models'][number]): string =>
    [
      shortName(one.model),
      `perplexity ${perplexity(one.perplexity)}`,
      one.reward !== undefined && `reward ${one.reward.toFixed(2)}`,
      typeof one.judged === 'number' && `judged ${one.judged}`,
      ...checks.map((check, i) => `${one.checks[i] ? '✓' : '✗'} ${checkText(check)}`),
    ]
      .filter(Boolean)
      .join(' · ');
  return html`
    ${longText('prompt', prompt, 'quiet')}
    <div class="sides">
      ${models.map(one => (one.response === undefined ? html`<p class="quiet">${figures(one)}</p>` : longText(figures(one), one.response)))}
      ${reference === undefined ? nothing : longText('reference', reference, 'quiet')}
    </div>
  `;
}
