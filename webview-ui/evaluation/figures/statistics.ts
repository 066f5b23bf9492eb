import { html, type TemplateResult } from 'lit';
import type { TextStatistics } from '../../../src/protocol/evaluation/folder.ts';
import { count, percent } from '../../shared/format.ts';
import { tenths } from './tenths.ts';

interface StatisticsColumn {
  readonly title: string;
  readonly meaning: string;
  readonly value: (texts: TextStatistics) => string;
}

const COLUMNS: readonly StatisticsColumn[] = [
  { title: 'texts', meaning: 'How many there are', value: ({ count: texts }) => count(texts) },
  { title: 'tokens', meaning: 'Tokens of a text, on average', value: ({ meanTokens }) => tenths(meanTokens) },
  {
    title: 'distinct words',
    meaning: 'Share of distinct words among all (distinct-1, Li et al. 2016): more is more diverse',
    value: ({ distinct1 }) => percent(distinct1),
  },
  {
    title: 'distinct pairs',
    meaning: 'Share of distinct pairs of words among all (distinct-2)',
    value: ({ distinct2 }) => percent(distinct2),
  },
  {
    title: 'repeated',
    meaning: 'Share of 4-grams of words that came before in the same text: much of it is a loop',
    value: ({ repetition }) => percent(repetition),
  },
  { title: 'empty', meaning: 'Texts without a word', value: ({ empty }) => count(empty) },
];

export const statisticsHead = (): unknown =>
  COLUMNS.map(({ title, meaning }) => html`<th scope="col" class="number" title=${meaning}>${title}</th>`);

export const statisticsCells = (texts: TextStatistics): unknown =>
  COLUMNS.map(({ value }) => html`<td class="number">${value(texts)}</td>`);

/** Of each model's texts, or of another name's. */
export function statisticsTable(
  caption: string,
  rows: ReadonlyArray<{ readonly name: string; readonly texts: TextStatistics }>,
): TemplateResult {
  return html`
    <table class="plain">
      <caption>${caption}</caption>
      <thead><tr><td></td>${statisticsHead()}</tr></thead>
      <tbody>
        ${rows.map(({ name, texts }) => html`<tr><th scope="row" class="label" title=${name}>${name}</th>${statisticsCells(texts)}</tr>`)}
      </tbody>
    </table>
  `;
}
