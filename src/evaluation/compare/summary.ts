import type { ComparedRow, CompareResult } from '../../protocol/evaluation/folder.ts';
import type { CompareTask } from '../../protocol/evaluation/request.ts';
import { likelihoodCounter } from '../likelihood.ts';
import { mean } from '../statistics/mean.ts';
import { share } from '../../protocol/evaluation/share.ts';
import { vocabularyDifference } from '../../tokenizer/difference.ts';
import type { HeldModel } from '../task.ts';
import { textCounter } from '../textStatistics.ts';
import type { Check } from './checks.ts';
import { winCounter } from './wins.ts';

type OfModel = CompareResult['models'][number];

const OWN_WORDS =
  'Perplexity and bits per byte are of each model’s own response: they say how sure it was, and not how well it did.';
const UNRANKED = 'Nothing ranks these responses: there is no judge, no reward model, and no rule to check them by.';
const DIFFERENT_TOKENS =
  'The models’ tokens differ, so that their perplexities, which are per token, can’t be compared; bits per byte can.';

/** `textColumn`: where texts are compared, which. */
type Asked = Pick<CompareTask, 'of' | 'judge' | 'rewardModel'> & { readonly textColumn: string | null };

/** Sums up compared rows. */
export async function comparison(
  { of, judge, rewardModel, textColumn }: Asked,
  models: readonly Pick<HeldModel, 'name' | 'tokenizer'>[],
  checks: readonly Check[],
  rows: AsyncIterable<ComparedRow>,
): Promise<CompareResult> {
  const [first] = models;
  const same = models.every(({ tokenizer }) => first && !vocabularyDifference(first.tokenizer, tokenizer));
  const names = models.map(({ name }) => name);
  const likelihood = of === 'texts' ? [same ? ('perplexity' as const) : ('bitsPerByte' as const)] : [];
  const wins = winCounter(names, [...likelihood, 'reward', 'judge']);
  const counters = names.map(name => modelCounter(name, of, checks));
  for await (const row of rows) {
    wins.add(row);
    for (const [at, counter] of counters.entries()) counter.add(row.models[at] as ComparedRow['models'][number]);
  }
  return {
    task: 'compare',
    models: counters.map(({ result }) => result()),
    wins: wins.result(),
    notes: [
      textColumn === null ? OWN_WORDS : `Perplexity and bits per byte are of the texts in the column “${textColumn}”.`,
      ...(same ? [] : [DIFFERENT_TOKENS]),
      ...(of === 'responses' && !judge && rewardModel === null && checks.length === 0 ? [UNRANKED] : []),
    ],
  };
}

function modelCounter(model: string, of: CompareTask['of'], checks: readonly Check[]) {
  const [likelihood, rewards, judged, texts] = [likelihoodCounter(), mean(), mean(), textCounter()];
  const apart = { sum: 0, tokens: 0, largest: 0 };
  const passed = checks.map(() => 0);
  let rows = 0;
  return {
    add(row: ComparedRow['models'][number]): void {
      rows += 1;
      likelihood.add(row);
      for (const nats of row.divergences ?? []) {
        apart.sum += nats;
        apart.tokens += 1;
        apart.largest = Math.max(apart.largest, nats);
      }
      if (row.reward !== undefined) rewards.add(row.reward);
      if (typeof row.judged === 'number') judged.add(row.judged);
      for (const [at, passes] of row.checks.entries()) if (passes) passed[at] = (passed[at] as number) + 1;
      if (row.response !== undefined) texts.add(row.response, row.scoredTokens);
    },
    result(): OfModel {
      const [reward, judge] = [rewards.estimate(), judged.estimate()];
      return {
        model,
        ...likelihood.result(),
        ...(apart.tokens > 0 && { divergence: { mean: apart.sum / apart.tokens, largest: apart.largest } }),
        ...(reward && { reward }),
        ...(judge && { judged: judge }),
        checks: rows === 0 ? [] : checks.map(({ name }, at) => ({ name, passed: share(passed[at] as number, rows) })),
        ...(of === 'responses' && { texts: texts.result() }),
      };
    },
  };
}
