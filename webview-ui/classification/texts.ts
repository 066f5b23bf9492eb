import { html, nothing, type TemplateResult } from 'lit';
import type { ClassifiedText } from '../../src/protocol/panels/classification.ts';
import { counted, percent } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import { labelClass, type PageContext } from './context.ts';

/** Texts that are listed. A larger selection is a task for `evaluate`. */
const LISTED = 500;

/** All texts with their labels; the one that is laid open is marked. */
export function textList(context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, send } = context;
  const { texts, selected, documentName } = snapshot;
  if (texts.length < 2) return nothing;
  const select = (text: number): void => {
    send({ type: 'select', text });
    send({ type: 'reveal', text });
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step === undefined ? undefined : selected + step;
    if (next === undefined || !texts[next]) return;
    event.preventDefault();
    select(next);
    document.querySelector(`#text-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return html`
    <section class="texts">
      <h3>${counted(texts.length, 'text')} of ${documentName}${rightOnes(texts)}</h3>
      <div class="rows" role="listbox" tabindex="0" aria-label="Texts" aria-activedescendant=${`text-${selected}`} @keydown=${onKey}>
        ${texts.slice(0, LISTED).map((text, index) => textRow(text, index, context, () => select(index)))}
      </div>
    </section>
  `;
}

/** What the line says itself, beside what was predicted. */
const givenLabel = (given: string, predicted: string): TemplateResult =>
  given === predicted
    ? html`<span class="given quiet" title="The line says ${given} as well."><span class="codicon codicon-check"></span></span>`
    : html`<span class="given wrong" title="The line says ${given}."><span class="codicon codicon-close"></span> ${given}</span> `;

/** How many of those lines that give a label were taken for it. */
function rightOnes(texts: readonly ClassifiedText[]): string {
  const known = texts.filter(({ given }) => given !== undefined);
  const right = known.filter(({ given, label }) => given === label).length;
  return known.length === 0 ? '' : ` · ${right} of ${known.length} as they say themselves`;
}

function textRow(
  { label, probabilities, text, line, given }: ClassifiedText,
  index: number,
  { snapshot }: PageContext,
  select: () => void,
): TemplateResult {
  const at = snapshot.labels.indexOf(label);
  const probability = probabilities[at] ?? 0;
  return html`
    <div class="row ${labelClass(at)}" role="option" id=${`text-${index}`} aria-selected=${index === snapshot.selected} @click=${select}>
      <span class="name" title=${label}>${label}</span>
      <span class="number">${percent(probability)}</span>
      <span class="bar" aria-hidden="true"><span ${styles({ width: `${probability * 100}%` })}></span></span>
      <span class="text" title=${`Line ${line}`}>${given === undefined ? nothing : givenLabel(given, label)}${text}</span>
    </div>
  `;
}
