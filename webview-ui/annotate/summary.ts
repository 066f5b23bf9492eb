import { html, nothing, type TemplateResult } from 'lit';
import type { AnnotationSummary, ModelStanding } from '../../src/protocol/annotations/summary.ts';
import type { Estimate } from '../../src/protocol/evaluation/folder.ts';
import { count, counted, NONE } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import type { PageContext } from './context.ts';

/** What the judgements say so far, and what can be trained on them. */
export function summaryView(context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, send } = context;
  const { summary, outputName } = snapshot;
  if (!summary) return nothing;
  const ties = summary.ties > 0 ? `, ${counted(summary.ties, 'tie')}` : '';
  return html`
    <section class="summary" aria-label="What was judged">
      <h2>${counted(summary.judgements, 'judgement')}</h2>
      <p class="quiet">
        ${counted(summary.comparisons, 'comparison')}${ties} in
        <button class="link" title="Open it in the Dataset panel" @click=${() => send({ type: 'openOutput' })}>${outputName}</button>
      </p>
      ${leftOut(summary)}
      ${standings(summary, context)} ${checks(summary)}
      <div class="buttons">
        <vscode-button @click=${() => send({ type: 'train', method: 'reward' })}>Train a reward model…</vscode-button>
        <vscode-button appearance="secondary" @click=${() => send({ type: 'train', method: 'dpo' })}>Train with DPO…</vscode-button>
      </div>
    </section>
  `;
}

function leftOut({ leftOutByTies }: AnnotationSummary): TemplateResult | typeof nothing {
  if (leftOutByTies === 0) return nothing;
  const which = leftOutByTies === 1 ? 'one of these comparisons' : `${count(leftOutByTies)} of these comparisons`;
  return html`<p class="quiet">Training leaves out ${which}: of tied responses, the first stands for all.</p>`;
}

function standings({ models }: AnnotationSummary, { snapshot, send }: PageContext): TemplateResult | typeof nothing {
  if (models.length < 2) return nothing;
  const { revealed } = snapshot;
  const [first] = models;
  return html`
    <h3>Which model won</h3>
    <div class="shares">
      ${models.map((standing, at) => shareRow(revealed ? standing.model : `Model ${LETTERS[at]}`, standing.won, wonText(standing)))}
    </div>
    <p class="quiet">
      ${first ? certainty(first) : ''}
      <button class="link" @click=${() => send({ type: 'reveal', on: !revealed })}>${revealed ? 'Hide the models' : 'Show which is which'}</button>
    </p>
  `;
}

const LETTERS = 'ABCDEFGHI';

const wonText = ({ wins, losses, ties }: ModelStanding): string =>
  [wins + losses > 0 && `${count(wins)} of ${count(wins + losses)}`, ties > 0 && counted(ties, 'tie')]
    .filter(Boolean)
    .join(', ');

function certainty({ won }: ModelStanding): string {
  if (!won) return 'All are tied.';
  return won.low > 0.5
    ? 'The first wins more often than chance would have it: its interval is above one half.'
    : 'No difference is certain yet: the interval of the first holds one half.';
}

function checks({ agreement, earlier, longer }: AnnotationSummary): TemplateResult | typeof nothing {
  const rows: ReadonlyArray<readonly [string, Estimate | null, string]> = [
    ['Judged again as before', agreement, 'Pairs that were shown twice, in another order: how often the same one won.'],
    ['The one shown first won', earlier, 'Near one half, unless the place decides.'],
    ['The longer one won', longer, 'Near one half, unless length decides.'],
  ];
  const known = rows.filter(([, estimate]) => estimate !== null);
  if (known.length === 0) return nothing;
  return html`
    <h3>How steady the judgements are</h3>
    <div class="shares">
      ${known.map(([name, estimate, meaning]) => shareRow(name, estimate, estimate ? `${count(Math.round(estimate.value * estimate.count))} of ${count(estimate.count)}` : '', meaning))}
    </div>
  `;
}

/** A share as a point on a line from 0 to 1 with its interval, and in numbers. */
function shareRow(name: string, estimate: Estimate | null, counts: string, meaning = ''): TemplateResult {
  const at = (share: number): string => `${share * 100}%`;
  const told = estimate
    ? `${whole(estimate.value)}, 95 % interval from ${whole(estimate.low)} to ${whole(estimate.high)}. ${meaning}`
    : 'Not known yet';
  return html`
    <div class="share" title=${told}>
      <span class="name">${name}</span>
      <span class="number">${estimate ? whole(estimate.value) : NONE}</span>
      <span class="line" role="img" aria-label=${told}>
        ${
          estimate
            ? html`
                <span class="range" ${styles({ left: at(estimate.low), width: at(estimate.high - estimate.low) })}></span>
                <span class="point" ${styles({ left: at(estimate.value) })}></span>
              `
            : nothing
        }
      </span>
      <span class="quiet steady interval">${estimate ? `${whole(estimate.low, '')}–${whole(estimate.high)}` : ''}</span>
      <span class="quiet steady">${counts}</span>
    </div>
  `;
}

const whole = (share: number, unit = '\u00a0%'): string => `${Math.round(share * 100)}${unit}`;
