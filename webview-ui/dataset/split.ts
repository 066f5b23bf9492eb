import { html, nothing, type TemplateResult } from 'lit';
import type { Part } from '../../src/protocol/run/spec.ts';
import { count, counted, percent } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import type { PageContext } from './context.ts';
import { sharesOf, withDataset, withShares } from './edits.ts';
import { checkField, numberField, selectField } from './fields.ts';
import { section } from './section.ts';
import { PARTS, withShare } from './shares.ts';

/** Which rows train, and which are held out: how many there are, and how they are drawn. */
export function split(context: PageContext): TemplateResult {
  const shares = sharesOf(context.snapshot.request);
  return section('split', 'Split', html`${sizes(context)} ${shares ? sharesForm(context) : filesForm(context)}`);
}

/** The parts as a bar; each shows its rows when it is pressed. */
function sizes({ snapshot, send }: PageContext): TemplateResult | typeof nothing {
  const { description, shown } = snapshot;
  const sizes = description.value?.split;
  if (!sizes) return nothing;
  const all = Math.max(
    1,
    PARTS.reduce((sum, part) => sum + sizes[part], 0),
  );
  const button = (part: Part): TemplateResult => {
    const pressed = shown.part === part;
    const label = `Show the ${part} rows alone`;
    return html`
      <button
        class="part-size of-${part}"
        aria-pressed=${pressed}
        aria-label=${`${part}: ${counted(sizes[part], 'row')}. ${label}`}
        title=${`${label} · ${percent(sizes[part] / all)}`}
        ?disabled=${sizes[part] === 0}
        @click=${() => send({ type: 'show', shown: { part: pressed ? null : part, afterSteps: null } })}
      ><span class="swatch"></span>${part} <b>${count(sizes[part])}</b></button>
    `;
  };
  return html`
    <div class="split-bar" aria-hidden="true">
      ${PARTS.map(part => html`<span class="of-${part}" ${styles({ width: `${(sizes[part] / all) * 100}%` })}></span>`)}
    </div>
    <div class="part-sizes">${PARTS.map(button)}</div>
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

function sharesForm({ snapshot, edit, send }: PageContext): TemplateResult | typeof nothing {
  const { request } = snapshot;
  const shares = sharesOf(request);
  if (!shares) return nothing;
  const change = (changes: Parameters<typeof withShares>[1]): void => edit(withShares(request, changes));
  return html`
    <div class="fields">
      ${PARTS.map(part =>
        numberField(
          { title: part, meaning: MEANINGS[part] },
          Number((shares[part] * 100).toFixed(4)),
          { min: 0, max: 100, step: 0.1, unit: '%', digits: 3 },
          share => share !== null && change(withShare(shares, part, share / 100)),
        ),
      )}
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

function filesForm({ snapshot, edit, send }: PageContext): TemplateResult | typeof nothing {
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
      <span class="quiet">${part}</span>
      <span class="file-name" title=${files[part] ?? ''}>${files[part]?.split(/[\\/]/).at(-1) ?? 'none'}</span>
      <button class="link" @click=${() => send({ type: 'chooseFile', part })}>Choose…</button>
      ${files[part] ? html`<button class="link" @click=${() => without(part)}>Remove</button>` : nothing}
    </div>
  `;
  return html`
    <div class="split-file"><span class="quiet">train</span><span class="file-name">${name.split(/[\\/]/).at(-1)}</span></div>
    ${line('validation')} ${line('test')}
    <button class="link" @click=${() => edit(withShares(request, {}))}>Shares of this file instead</button>
  `;
}
