import { html, type TemplateResult } from 'lit';
import type { PageContext } from './context.ts';
import { choiceRow, namesRow } from './row.ts';

/** Which texts are looked at, by what they are summed up, and whether they are laid out in a plane. */
export function probeFields(context: PageContext): TemplateResult {
  const columns = context.snapshot.opened.value?.columns ?? [];
  const texts = columns.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  const groups = columns
    .filter(({ distinct }) => distinct !== null && distinct <= 50)
    .map(({ name }) => [name, name] as const);
  return html`
    ${namesRow('probe.columns', { title: 'Columns', meaning: 'Whose texts are looked at.' }, texts, context)}
    ${choiceRow('probe.by', { title: 'Summed up by', meaning: 'Perplexity and diversity for each value of this column.' }, [[null, 'nothing: all together'], ...groups], context)}
    ${choiceRow(
      'probe.embeddings',
      {
        title: 'Projection',
        meaning: 'A vector of each text from the model’s last layer, and the plane in which they differ most.',
      },
      [
        [null, 'none'],
        ['mean', 'mean of the tokens'],
        ['last', 'last token'],
      ],
      context,
    )}
  `;
}
