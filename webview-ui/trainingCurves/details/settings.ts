import { html, nothing, type TemplateResult } from 'lit';
import { counted } from '../../shared/format.ts';
import type { PageContext } from '../context.ts';
import { type SettingRow, settingRows } from '../data/settings.ts';

/** run.json field by field: what differs between the runs (of one run: from the defaults) first. */
export function settings({ runs }: PageContext): TemplateResult {
  const rows = settingRows(runs.map(({ request }) => request));
  const differing = rows.filter(({ differs }) => differs);
  const others = rows.filter(({ differs }) => !differs);
  const several = runs.length > 1;
  const head = several
    ? html`<thead><tr><th scope="col">field</th>${runs.map(({ title, name }) => html`<th scope="col" title=${name}>${title}</th>`)}</tr></thead>`
    : nothing;
  return html`
    <table class="plain settings">
      <caption>${several ? `${counted(differing.length, 'setting')} that differ` : 'Other than the defaults'}</caption>
      ${head}
      <tbody>${differing.map(settingRow)}</tbody>
    </table>
    <details>
      <summary>${several ? 'The same in all' : 'As the defaults'} (${others.length})</summary>
      <table class="plain settings">${head}<tbody>${others.map(settingRow)}</tbody></table>
    </details>
  `;
}

const settingRow = ({ field, values }: SettingRow): TemplateResult => html`
  <tr><th scope="row">${field}</th>${values.map(value => html`<td>${value}</td>`)}</tr>
`;
