import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { TrainableSpec } from '../../src/protocol/run/spec.ts';
import type { PageContext } from './context.ts';
import { idOf, settingRow } from '../shared/settingRow.ts';
import { fieldRow, inForm } from './field.ts';
import { HIDDEN_FIELDS, LORA_FIELDS } from './fields.ts';

type Choice = 'all' | 'last' | 'head' | 'lora';

const CHOICES: ReadonlyArray<{ readonly choice: Choice; readonly title: string; readonly meaning: string }> = [
  { choice: 'all', title: 'All', meaning: 'Every weight trains: learns most, and needs the most time and memory.' },
  {
    choice: 'last',
    title: 'Last blocks',
    meaning: 'The last blocks, the final norm and the head train. What lies below is computed once for each row.',
  },
  {
    choice: 'head',
    title: 'Head',
    meaning: 'The head alone trains, on what the model sees already: fastest, learns least.',
  },
  {
    choice: 'lora',
    title: 'LoRA',
    meaning: 'Small matrices train beside the large ones, and are saved apart: little memory, little on disk.',
  },
];

const choiceOf = (trainable: TrainableSpec): Choice => {
  if ('lora' in trainable) return 'lora';
  return typeof trainable.layers === 'object' ? 'last' : trainable.layers;
};

/** Which weights change: layers, or an adapter. */
export function trainableRows(context: PageContext): TemplateResult {
  const { spec, problems, set } = context;
  const now = choiceOf(spec.trainable);
  const choose = (choice: Choice): void => {
    if (choice === 'lora') set('trainable', { lora: {} });
    else set('trainable', choice === 'all' ? undefined : { layers: choice === 'last' ? { last: 1 } : 'head' });
  };
  const control = html`
    <div class="segments" role="radiogroup" aria-label="What trains" id=${idOf('trainable')}>
      ${CHOICES.map(
        ({ choice, title, meaning }) => html`
          <label class="segment" title=${meaning}>
            <input type="radio" name="trainable" .checked=${live(choice === now)} @change=${() => choose(choice)} /><span>${title}</span>
          </label>
        `,
      )}
    </div>
  `;
  return html`
    ${settingRow({
      path: 'trainable',
      title: 'What trains',
      meaning: CHOICES.find(({ choice }) => choice === now)?.meaning,
      changed: now !== 'all',
      problem: problems.get('trainable')?.reason,
      onReset: () => set('trainable', undefined),
      control,
    })}
    ${now === 'last' ? lastBlocks(context) : nothing}
    ${now === 'lora' ? LORA_FIELDS.map(field => fieldRow(field, context)) : nothing}
  `;
}

function lastBlocks({ spec, problems, set }: PageContext): TemplateResult {
  const layers = 'layers' in spec.trainable ? spec.trainable.layers : 'all';
  const last = typeof layers === 'object' ? layers.last : 1;
  const typed = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    const blocks = value.trim() === '' ? 1 : Number(value);
    set('trainable', { layers: { last: Number.isNaN(blocks) ? value : blocks } });
  };
  return settingRow({
    path: 'trainable.layers',
    title: 'Blocks from the top',
    meaning: 'How many of the last blocks train.',
    changed: false,
    problem: problems.get('trainable.layers')?.reason,
    onReset: () => undefined,
    control: html`<input type="text" class="short" inputmode="decimal" id=${idOf('trainable.layers')} .value=${String(last)} @input=${typed} />`,
  });
}

/** A layer between the pooled state and the head, or none. */
export function hiddenRows(context: PageContext): TemplateResult | typeof nothing {
  const { spec, snapshot, set } = context;
  if (spec.method !== 'classification') return nothing;
  const { hidden } = spec.classification;
  const choose = (event: Event): void => {
    const on = (event.target as HTMLInputElement).checked;
    set('classification.hidden', on ? { size: 384, activation: 'relu', dropout: 0.1 } : undefined);
  };
  return html`
    ${settingRow({
      path: 'classification.hidden',
      title: 'Hidden layer',
      meaning: inForm(snapshot.meanings['classification.hidden']),
      changed: hidden !== null,
      onReset: () => set('classification.hidden', undefined),
      control: html`<input type="checkbox" id=${idOf('classification.hidden')} .checked=${live(hidden !== null)} @change=${choose} />`,
    })}
    ${hidden ? HIDDEN_FIELDS.map(field => fieldRow(field, context)) : nothing}
  `;
}
