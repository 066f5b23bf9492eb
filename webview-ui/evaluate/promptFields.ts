import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { visibleText } from '../../src/protocol/heat.ts';
import { count } from '../shared/format.ts';
import { idOf } from '../shared/settingRow.ts';
import type { PageContext } from './context.ts';
import { wordsOf, wordsText } from './labelWords.ts';
import { areaRow, choiceRow, formRow, numberRow, yesRow } from './row.ts';

/** The prompt, and the words that stand for the labels. */
export const promptFields = (context: PageContext): TemplateResult => html`
  ${areaRow(
    'prompt.prompt',
    {
      title: 'Prompt',
      meaning: html`Jinja over the row: a column or role in double braces, such as <code>{{ text }}</code>. The label’s word follows it as it is written, with its space.`,
    },
    context,
  )}
  ${wordsRow(context)}
`;

function wordsRow(context: PageContext): TemplateResult {
  const { snapshot, spec, set } = context;
  const words = spec.prompt?.labelWords ?? {};
  const counted = snapshot.description.value?.classes ?? [];
  const labels = [...new Set([...Object.keys(words), ...counted.map(({ label }) => label)])];
  const write = (label: string, text: string): void => set('prompt.labelWords', { ...words, [label]: wordsOf(text) });
  const control = html`
    <table class="plain words" id=${idOf('prompt.labelWords')}>
      <thead><tr><th scope="col">label</th><th scope="col" class="number">rows</th><th scope="col">word or words</th><td></td></tr></thead>
      <tbody>
        ${labels.map(label => {
          const text = wordsText(words[label] ?? '');
          const rows = counted.find(one => one.label === label)?.count;
          return html`
            <tr><th scope="row" class="label" title=${label}>${label}</th><td class="number quiet">${rows === undefined ? '' : count(rows)}</td>
              <td><input type="text" class="word" spellcheck="false" aria-label=${`Word of ${label}`} .value=${live(text)}
                @input=${(event: Event) => write(label, (event.target as HTMLInputElement).value)} /></td>
              <td class="token-text quiet" title="As it is written, its spaces in sight">${text === '' ? nothing : visibleText(text)}</td></tr>
          `;
        })}
      </tbody>
    </table>
    ${labels.length === 0 ? html`<span class="quiet">${snapshot.description.progress ? 'Labels are counted…' : 'No label is known: say below which column it is.'}</span>` : nothing}
  `;
  const meaning = html`Used exactly as written, space and all. Several for one label, divided by <code>|</code>: the likeliest counts.`;
  return html`<div class="wide-field">${formRow('prompt.labelWords', { title: 'Label words', meaning }, control, context)}</div>`;
}

/** How a prompt with a word is encoded and scored. */
export const promptOptions = (context: PageContext): TemplateResult => html`
  ${choiceRow(
    'prompt.score',
    { title: 'What is scored', meaning: 'The word’s tokens after the prompt, or those of prompt and word together.' },
    [
      ['label', 'the word'],
      ['text', 'the whole text'],
    ],
    context,
  )}
  ${choiceRow(
    'prompt.normalize',
    {
      title: 'Compared by',
      meaning:
        'Sum of log-probabilities; their mean over the tokens, which does not favour short words; or less what the word has after an empty row (contextual, mutual information).',
    },
    [
      ['sum', 'the sum'],
      ['mean', 'the mean'],
      ['contextual', 'contextual'],
    ],
    context,
  )}
  ${yesRow(
    'prompt.apart',
    {
      title: 'Encode apart',
      meaning:
        'Prompt and word are encoded by themselves: “Sentiment: ” and “positive” then give other tokens than together.',
    },
    context,
  )}
  ${numberRow(
    'prompt.shots',
    {
      title: 'Examples before each',
      meaning:
        'Rows with their words put before each row (few-shot), as many of each label as can be, from rows that are not evaluated.',
    },
    context,
  )}
  ${numberRow('prompt.seed', { title: 'Seed of the examples', meaning: 'The same seed draws the same examples.', why: context.spec.prompt?.shots ? undefined : 'There are no examples.' }, context)}
`;
