import { html, nothing, type TemplateResult } from 'lit';
import { PARTS } from '../../src/protocol/run/names.ts';
import type { Part, SharesSpec } from '../../src/protocol/run/spec.ts';
import { count, counted } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import type { PageContext } from './context.ts';
import { sharesOf, withDataset, withShares } from './edits.ts';
import { checkField, numberField, selectField } from './fields.ts';
import { section } from './section.ts';
import { withShare } from './shares.ts';

/** Which rows train, and which are held out: how many there are, and how they are drawn. */
export function split(context: PageContext): TemplateResult {
  const shares = sharesOf(context.snapshot.request);
  return section('split', 'Split', html`${bar(context)} ${shares ? sharesForm(shares, context) : filesForm(context)}`);
}

function bar({ snapshot }: PageContext): TemplateResult | typeof nothing {
  const sizes = snapshot.description.value?.split;
  if (!sizes) return nothing;
  const all = Math.max(1, sizes.train + sizes.validation + sizes.test);
  return html`
    <div class="split-bar" aria-hidden="true">
      ${PARTS.map(part => html`<span class="of-${part}" ${styles({ width: `${(sizes[part] / all) * 100}%` })}></span>`)}
    </div>
  `;
}

/** How many rows a part has; it shows them alone when it is pressed. */
function size(part: Part, { snapshot, send }: PageContext): TemplateResult {
  const rows = snapshot.description.value?.split?.[part] ?? null;
  const pressed = snapshot.shown.part === part;
  const label = `Show the ${part} rows alone`;
  return html`
    <button
      class="part-size of-${part} steady"
      aria-pressed=${pressed}
      aria-label=${rows === null ? label : `${part}: ${counted(rows, 'row')}. ${label}`}
      title=${label}
      ?disabled=${!rows}
      @click=${() => send({ type: 'show', shown: { part: pressed ? null : part, afterSteps: null } })}
    ><span class="swatch"></span>${part} <b>${rows === null ? '…' : count(rows)}</b></button>
  `;
}

const MEANINGS: Readonly<Record<Part, string>> = {
  train: 'Share of the rows that the model learns from. What it takes is taken from test.',
  validation: 'Share of the rows that are scored while it learns. What it takes is taken from train.',
  test: 'Share of the rows that are scored in the end. What it takes is taken from train.',
};

const ORDERS = [
  ['train', 'validation', 'test'],
  ['train', 'test', 'validation'],
  ['validation', 'train', 'test'],
  ['validation', 'test', 'train'],
  ['test', 'train', 'validation'],
  ['test', 'validation', 'train'],
] as const satisfies ReadonlyArray<readonly Part[]>;

function sharesForm(shares: SharesSpec, context: PageContext): TemplateResult {
  const { snapshot, edit, send } = context;
  const { request } = snapshot;
  const change = (changes: Partial<SharesSpec>): void => edit(withShares(request, changes));
  const share = (part: Part): TemplateResult => html`
    <span class="part-share">
      ${size(part, context)}
      ${numberField(
        { title: `Share of ${part}`, meaning: MEANINGS[part], untitled: true },
        Number((shares[part] * 100).toFixed(4)),
        { min: 0, max: 100, step: 0.1, unit: '%', digits: 3 },
        percent => percent !== null && change(withShare(shares, part, percent / 100)),
      )}
    </span>
  `;
  return html`
    <div class="fields">
      ${PARTS.map(share)}
      ${checkField(
        { title: 'shuffle', meaning: 'Rows are drawn for the parts; else the parts follow one another in the file.' },
        shares.shuffle,
        shuffle => change({ shuffle }),
      )}
      ${numberField(
        { title: 'seed', meaning: 'The same seed draws the same rows, for the parts and for balancing.' },
        shares.seed,
        { min: 0, digits: 4 },
        seed => seed !== null && change({ seed }),
      )}
      ${selectField(
        { title: 'order', meaning: 'Which part takes its rows first. The last one takes what is left over.' },
        shares.order.join(', '),
        ORDERS.map(order => ({ value: order.join(', '), label: order.join(', ') })),
        order => change({ order: order.split(', ') as Part[] }),
      )}
      <button
        class="link"
        title="Take validation or test rows from files of their own"
        @click=${() => send({ type: 'chooseFile', part: 'validation' })}
      >Files instead…</button>
    </div>
  `;
}

function filesForm(context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, edit, send } = context;
  const { request, name } = snapshot;
  const { split } = request.dataset;
  if (!split || !('files' in split)) return nothing;
  const { files } = split;
  const without = (part: 'validation' | 'test'): void => {
    const { [part]: _, ...others } = files;
    edit(withDataset(request, { split: { files: others } }));
  };
  const line = (part: 'validation' | 'test'): TemplateResult => html`
    <div class="split-file">
      ${size(part, context)}
      <span class="file-name" title=${files[part] ?? ''}>${files[part]?.split(/[\\/]/).at(-1) ?? 'none'}</span>
      <button class="link" @click=${() => send({ type: 'chooseFile', part })}>Choose…</button>
      ${files[part] ? html`<button class="link" @click=${() => without(part)}>Remove</button>` : nothing}
    </div>
  `;
  return html`
    <div class="split-file">${size('train', context)}<span class="file-name">${name.split(/[\\/]/).at(-1)}</span></div>
    ${line('validation')} ${line('test')}
    <button class="link" @click=${() => edit(withShares(request, {}))}>Shares of this file instead</button>
  `;
}
