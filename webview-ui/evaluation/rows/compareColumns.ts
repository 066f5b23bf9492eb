import { html, nothing } from 'lit';
import type { ComparedRow } from '../../../src/protocol/evaluation/folder.ts';
import { modelNames } from '../../../src/protocol/evaluation/modelNames.ts';
import { isCompared } from '../../../src/protocol/evaluation/rows.ts';
import { perplexity } from '../../shared/format.ts';
import type { PagedCell } from '../../shared/pagedGrid.ts';
import { shortName } from '../about.ts';
import type { PageContext } from '../context.ts';
import { type Column, columnOf, EMPTY, written } from './column.ts';
import { voteOn } from './votes.ts';

/** One for each model, with its figures; then how they differ, and what people preferred. */
export function compareColumns({ evaluation, snapshot }: PageContext): Column[] {
  const models = evaluation.request ? modelNames(evaluation.request) : [];
  const responses = evaluation.request?.compare?.of !== 'texts';
  const columns = models.map((model, i) =>
    columnOf(
      isCompared,
      {
        title: shortName(model),
        meaning: responses ? `What ${model} wrote, and its figures` : `Perplexity of the text by ${model}`,
        width: responses ? 130 : 100,
        grows: responses ? 4 : 0,
        numeric: !responses,
        ...(i === 0 && { sort: ['perplexity', 'ascending'] as const }),
      },
      row => modelCell(row, i, responses),
    ),
  );
  const difference = columnOf(
    isCompared,
    {
      title: 'ratio',
      meaning: 'Perplexity of the first model over that of the last: below 1 the first finds the text likelier',
      width: 62,
      numeric: true,
      sort: ['difference', 'descending'],
    },
    row => ({ content: ratioText(row) }),
  );
  const votes = columnOf(
    isCompared,
    { title: 'vote', meaning: 'What people preferred', width: 74 },
    ({ row, models: [a, b] }) => {
      const vote = a && b && voteOn(snapshot.votes, row, [a.model, b.model]);
      return { content: vote ? (vote.better === null ? 'as good' : shortName(vote.better)) : '' };
    },
  );
  return [...columns, difference, ...(responses && snapshot.votes.length > 0 ? [votes] : [])];
}

function modelCell({ models }: ComparedRow, i: number, responses: boolean): PagedCell {
  const one = models[i];
  if (!one) return EMPTY;
  if (!responses) return textCell(one);
  const figures = [
    one.perplexity !== null && `ppl ${perplexity(one.perplexity)}`,
    one.reward !== undefined && `reward ${one.reward.toFixed(2)}`,
    typeof one.judged === 'number' && `judged ${one.judged}`,
  ].filter(Boolean);
  const checks = one.checks.map(
    passed =>
      html`<span class="codicon codicon-${passed ? 'check' : 'close'} ${passed ? 'passes' : 'fails'}" role="img" aria-label=${passed ? 'passes' : 'fails'}></span>`,
  );
  const { content } = written(one.response);
  return {
    content: html`<div class="cell-text">${content}</div><div class="cell-figures quiet steady">${figures.join(' · ')} ${checks.length > 0 ? checks : nothing}</div>`,
    kind: 'with-figures',
  };
}

/** Perplexity, and below it how far the predictions are from those in f32 where they are known. */
function textCell({ perplexity: value, divergences }: ComparedRow['models'][number]): PagedCell {
  if (!divergences) return { content: perplexity(value) };
  const meaning = 'Kullback-Leibler divergence from the same model in f32, in nats: the mean over the text’s tokens';
  return {
    content: html`<div>${perplexity(value)}</div><div class="cell-figures quiet steady">KL ${meanOf(divergences).toPrecision(2)}</div>`,
    kind: 'with-figures',
    meaning,
  };
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

function ratioText({ models }: ComparedRow): string {
  const [first = null, last = null] = [models[0]?.perplexity, models.at(-1)?.perplexity];
  return first === null || last === null || models.length < 2 ? '' : (first / last).toFixed(2);
}
