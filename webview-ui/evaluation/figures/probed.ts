import { html, nothing, type TemplateResult } from 'lit';
import type { ProbeResult } from '../../../src/protocol/evaluation/folder.ts';
import { bitsPerByte, perplexity } from '../../shared/format.ts';
import { styles } from '../../shared/styles.ts';
import type { PageContext } from '../context.ts';
import './scatter.ts';
import { statisticsCells, statisticsHead } from './statistics.ts';

type Group = ProbeResult['groups'][number];

/** Perplexity and diversity by group, and how the texts lie together. */
export function probed(result: ProbeResult, context: PageContext): TemplateResult {
  const { snapshot, send, passing } = context;
  return html`
    <div class="figure-row">
      <section class="wide" aria-label="Groups">${groupsTable(result.groups, context)}</section>
      ${
        snapshot.points && result.projection
          ? html`<section class="projection" aria-label="Projection">
              <lm-scatter
                .points=${snapshot.points}
                .explained=${result.projection.explained}
                .chosen=${passing.row?.row ?? null}
                .onChoose=${(line: number) => send({ type: 'row', line })}
              ></lm-scatter>
            </section>`
          : nothing
      }
    </div>
  `;
}

const nameOf = ({ column, group }: Group, several: boolean): string =>
  group === null ? column : several ? `${column} · ${group}` : group;

function groupsTable(groups: readonly Group[], { ui, ask }: PageContext): TemplateResult {
  const several = new Set(groups.map(({ column }) => column)).size > 1;
  const most = Math.max(...groups.map(({ perplexity }) => perplexity ?? 0));
  const { facets } = ui.query;
  const isChosen = ({ column, group }: Group): boolean =>
    (facets.group ?? null) === group && (!several || facets.column === column) && Object.keys(facets).length > 0;
  const choose = (one: Group): void => {
    const { column, group } = one;
    ask({ facets: isChosen(one) ? {} : { ...(group !== null && { group }), ...(several && { column }) } });
  };
  return html`
    <table class="plain groups">
      <caption>By group; a name shows its rows</caption>
      <thead>
        <tr><td></td><th scope="col" title="exp of the mean negative log-likelihood of all tokens of the group: lower is likelier to the model">perplexity</th>
          <th scope="col" class="number" title="Comparable between tokenizers">bits/byte</th>${statisticsHead()}</tr>
      </thead>
      <tbody>
        ${groups.map(
          group => html`
            <tr>
              <th scope="row" class="label"><button class="link" aria-pressed=${isChosen(group)} title=${nameOf(group, several)} @click=${() => choose(group)}>${nameOf(group, several)}</button></th>
              <td class="perplexity-bar"><span class="steady">${perplexity(group.perplexity)}</span>
                <span class="share-bar" aria-hidden="true" ${styles({ '--share': `${(100 * (group.perplexity ?? 0)) / Math.max(most, 1e-9)}%` })}></span></td>
              <td class="number">${bitsPerByte(group.bitsPerByte)}</td>${statisticsCells(group.texts)}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}
