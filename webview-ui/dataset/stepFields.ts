import { html, type TemplateResult } from 'lit';
import type { DatasetSnapshot } from '../../src/protocol/panels/dataset.ts';
import type { DatasetStep } from '../../src/protocol/run/spec.ts';
import { columnsOf } from './context.ts';
import { codeField, numberField, selectField } from './fields.ts';

type Change = (step: DatasetStep) => void;

/** What can be set of a step. */
export function stepFields(
  step: DatasetStep,
  invalid: boolean,
  change: Change,
  snapshot: DatasetSnapshot,
): TemplateResult {
  if ('filter' in step) return filterField(step.filter, invalid, change, snapshot);
  if ('derive' in step) return deriveFields(Object.entries(step.derive), invalid, change);
  if ('balance' in step) return balanceField(step.balance, change, snapshot);
  return numberField(
    { title: 'Rows', meaning: 'The first so many rows are kept.', untitled: true },
    step.take,
    { min: 1, digits: 7 },
    take => take !== null && change({ take }),
  );
}

function filterField(filter: string, invalid: boolean, change: Change, snapshot: DatasetSnapshot): TemplateResult {
  const [column] = columnsOf(snapshot);
  return codeField(
    {
      title: 'Condition',
      meaning: 'Jinja over the columns of a row: rows for which it holds are kept.',
      untitled: true,
    },
    filter,
    { lines: false, invalid, placeholder: `such as ${column?.name ?? 'text'} | length > 20` },
    written => written.trim() !== '' && change({ filter: written }),
  );
}

/** A line for each column: its name, and what it is made of. */
function deriveFields(columns: ReadonlyArray<[string, string]>, invalid: boolean, change: Change): TemplateResult {
  const set = (at: number, column: [string, string]): void =>
    change({ derive: Object.fromEntries(columns.with(at, column)) });
  return html`
    ${columns.map(
      ([name, text], at) => html`
        <span class="derived">
          ${codeField(
            {
              title: 'New column',
              meaning: 'The name of the column. One that is there already is replaced.',
              untitled: true,
            },
            name,
            { lines: false, placeholder: 'column' },
            written => written.trim() !== '' && set(at, [written.trim(), text]),
          )}
          <span class="quiet" aria-hidden="true">=</span>
          ${codeField(
            { title: 'Made of', meaning: 'Jinja over the columns of a row.', untitled: true },
            text,
            { lines: false, invalid, placeholder: 'such as {{ text }} !' },
            written => set(at, [name, written]),
          )}
        </span>
      `,
    )}
  `;
}

function balanceField(column: string, change: Change, snapshot: DatasetSnapshot): TemplateResult {
  const names = columnsOf(snapshot).map(({ name }) => name);
  const all = names.includes(column) ? names : [column, ...names];
  return selectField(
    { title: 'by', meaning: 'As many rows of each value of this column are kept as its rarest has.' },
    column,
    all.map(name => ({ value: name, label: name })),
    chosen => change({ balance: chosen }),
  );
}
