import { join } from 'node:path';
import { readLines } from '../../folders/lines.ts';
import { EVALUATION_FILES, type EvaluationResult, type VoteLine } from '../../protocol/evaluation/folder.ts';
import { lastVotes } from '../../protocol/evaluation/votes.ts';
import { noWins, type Tally, winsOf } from './wins.ts';

/** The result with what people voted: how often they preferred each of two models. */
export async function withVotes(folder: string, result: EvaluationResult): Promise<EvaluationResult> {
  if (result.task !== 'compare') return result;
  const votes: VoteLine[] = [];
  for await (const vote of readLines<VoteLine>(join(folder, EVALUATION_FILES.votes))) votes.push(vote);
  const counting = lastVotes(votes);
  const names = result.models.map(({ model }) => model);
  const pairs = names.flatMap((first, i) => names.slice(i + 1).map(second => ({ first, second })));
  const voted = pairs.flatMap(({ first, second }) =>
    winsOf({ first, second, measure: 'votes' }, tallyOf([first, second], counting)),
  );
  return { ...result, wins: [...result.wins.filter(({ measure }) => measure !== 'votes'), ...voted] };
}

function tallyOf([first, second]: readonly [string, string], votes: readonly VoteLine[]): Tally {
  const tally = noWins();
  for (const { between, better } of votes) {
    if (!between.includes(first) || !between.includes(second)) continue;
    if (better === null) tally.ties += 1;
    else if (better === first) tally.better += 1;
    else tally.worse += 1;
  }
  return tally;
}
