import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { ALL_ROWS, type Facet, type RowQuery } from '../../../src/protocol/panels/evaluation.ts';
import { count, counted, percent } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { startVoting } from './voting.ts';

/** Which rows are shown: by a text, right or wrong, a label or column, a range that was chosen in a picture. */
export function filterBar(context: PageContext): TemplateResult {
  const { snapshot, rows, ui, ask, evaluation } = context;
  const { query } = ui;
  const filtered = isFiltered(query);
  const task = evaluation.request?.task;
  return html`
    <div class="filter-bar" role="search" aria-label="Which rows">
      <input type="text" class="search" placeholder="Search the rows" aria-label="Search the rows" spellcheck="false"
        .value=${live(query.search)} @input=${(event: Event) => ask({ search: (event.target as HTMLInputElement).value })} />
      ${only(context)}
      ${FACETS.map(facet => facetChoice(facet, context))}
      ${query.range ? chip(rangeText(query.range), () => ask({ range: null })) : nothing}
      <span class="quiet steady grow">${
        rows.total === null
          ? ''
          : filtered
            ? `${count(rows.total)} of ${counted(snapshot.rows.all, 'row')}`
            : counted(snapshot.rows.all, 'row')
      }</span>
      ${filtered ? html`<button class="link" @click=${() => ask({ ...ALL_ROWS, sort: query.sort })}>Show all rows</button>` : nothing}
      ${
        task === 'compare' && evaluation.request?.compare?.of !== 'texts'
          ? html`<button class="link" @click=${() => startVoting(context)}>Vote blind…</button>`
          : nothing
      }
    </div>
  `;
}

const isFiltered = ({ search, only, facets, range }: RowQuery): boolean =>
  search !== '' || only !== null || Object.keys(facets).length > 0 || range !== null;

type Only = RowQuery['only'];

/** What can be singled out, by task; what no row is, is not offered. */
function only({ snapshot, evaluation, ui, ask }: PageContext): TemplateResult | typeof nothing {
  const task = evaluation.request?.task;
  const classifies = task === 'prompt' || task === 'classifier';
  const { leftOut } = snapshot.rows;
  const failed = task === 'judge' ? 'no score' : 'left out';
  const some = leftOut > 0 || ui.query.only === 'left out';
  const choices: ReadonlyArray<readonly [Only, string]> = [
    [null, 'all'],
    ...(classifies
      ? ([
          ['right', 'right'],
          ['wrong', 'wrong'],
        ] as const)
      : []),
    ...(task === 'compare' && snapshot.votes.length > 0 ? ([['voted', 'voted']] as const) : []),
    ...(some ? ([['left out', `${failed} ${count(leftOut)}`]] as const) : []),
  ];
  if (choices.length === 1) return nothing;
  return html`
    <div class="segments" role="radiogroup" aria-label="Only these rows">
      ${choices.map(
        ([value, title]) => html`
          <label class="segment">
            <input type="radio" name="only" .checked=${live(ui.query.only === value)} @change=${() => ask({ only: value })} /><span>${title}</span>
          </label>
        `,
      )}
    </div>
  `;
}

const FACETS: readonly Facet[] = ['column', 'model', 'group', 'label', 'predicted'];

/** A choice among what the rows have there; none where it is all the same. */
function facetChoice(facet: Facet, { snapshot, ui, ask }: PageContext): TemplateResult | typeof nothing {
  const values = snapshot.rows.facets[facet] ?? [];
  const { [facet]: chosen, ...others } = ui.query.facets;
  if (values.length < 2 && chosen === undefined) return nothing;
  const choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    ask({ facets: value === '' ? others : { ...others, [facet]: value.slice(1) } });
  };
  return html`
    <select aria-label=${facet} title=${facet} @change=${choose}>
      <option value="" .selected=${live(chosen === undefined)}>any ${facet === 'predicted' ? 'prediction' : facet}</option>
      ${values.map(value => html`<option value=${`=${value}`} .selected=${live(chosen === value)}>${facet === 'predicted' ? `predicted ${value}` : value}</option>`)}
    </select>
  `;
}

const chip = (text: string, remove: () => void): TemplateResult => html`
  <span class="chip">${text}<button class="icon" aria-label=${`No longer only ${text}`} title="All again" @click=${remove}>
    <span class="codicon codicon-close" aria-hidden="true"></span></button></span>
`;

function rangeText({ key, from, to, with: ends }: NonNullable<RowQuery['range']>): string {
  const share = key === 'confidence';
  const write = (value: number): string => (share ? percent(value) : count(value));
  return `${key} ${write(from)} to ${share || ends === 'both' ? write(to) : count(to - 1)}`;
}
