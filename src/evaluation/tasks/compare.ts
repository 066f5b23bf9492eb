import type { ViewRow } from '../../data/view.ts';
import type { ComparedRow, LeftOutRow } from '../../protocol/evaluation/folder.ts';
import type { CompareTask } from '../../protocol/evaluation/request.ts';
import { textColumnOf } from '../../protocol/evaluation/textColumn.ts';
import { Reasoned } from '../../protocol/result.ts';
import { chosenColumn } from '../columns.ts';
import { type Candidate, type Candidates, responsesOf, type Shown, textsOf } from '../compare/candidates.ts';
import { type Check, compiledCheck } from '../compare/checks.ts';
import { type Rewards, rewardsBy } from '../compare/rewards.ts';
import { withVotes } from '../compare/votes.ts';
import { comparison } from '../compare/summary.ts';
import { judgeQuestion } from '../judge/questions.ts';
import { requireJudge, verdicts } from '../judge/verdicts.ts';
import { type Evaluator, type HeldModel, rowBase, type Task, type TaskSetting } from '../task.ts';

/** Several models on the same rows: what each answers, or how likely each finds the texts. */
export const compare: Task<ComparedRow> = {
  name: 'compare',
  doing: 'Comparing',
  models: ({ models, compare }) => [...models, ...(compare?.rewardModel ? [compare.rewardModel] : [])],
  linesOfRow: () => 1,
  open,
  revised: withVotes,
};

type OfModel = ComparedRow['models'][number];

/** A row with what all models have to show for it. */
interface Contest {
  readonly shown: Shown;
  readonly candidates: readonly Candidate[];
}

async function open(setting: TaskSetting): Promise<Evaluator<ComparedRow>> {
  const { spec, rows } = setting;
  const task = spec.compare as CompareTask;
  const models = setting.models.slice(0, spec.models.length);
  requireModels(models);
  const checks = task.checks.map(compiledCheck);
  const own = { ...setting, models };
  const texts = task.of === 'texts' ? textColumn(rows) : null;
  const candidates = texts ? textsOf(texts, own) : await responsesOf(task, own);
  const rewardModel = setting.models[models.length];
  const rewards = rewardModel ? await rewardsBy(rewardModel, task.generate?.template ?? null, setting) : null;
  const judged = await judging(task, setting);
  return {
    rowsAtOnce: 16,
    async *evaluate(batch) {
      const { contests, leftOut } = await contestsOf(batch, candidates, models);
      yield leftOut;
      const scores = await rewardsOf(contests, rewards);
      let at = 0;
      for await (const judgements of judged(contests)) {
        yield [comparedRow(contests[at] as Contest, checks, scores[at], judgements)];
        at += 1;
      }
    },
    summarise: found => comparison({ ...task, textColumn: texts?.name ?? null }, models, checks, found),
  };
}

async function contestsOf(
  batch: readonly ViewRow[],
  candidates: Candidates,
  models: readonly HeldModel[],
): Promise<{ readonly contests: Contest[]; readonly leftOut: LeftOutRow[] }> {
  const leftOut = new Map<number, LeftOutRow>();
  const shown: Shown[] = [];
  for (const row of batch) {
    const one = candidates.shown(row);
    if ('leftOut' in one) leftOut.set(row.row, one);
    else shown.push(one);
  }
  const ofModels: Array<ReadonlyArray<Candidate | LeftOutRow>> = [];
  for (const held of models) ofModels.push(await candidates.of(held, shown));
  const contests = shown.flatMap((one, at): Contest[] => {
    const all = ofModels.map(found => found[at] as Candidate | LeftOutRow);
    const out = all.find(found => 'leftOut' in found);
    if (out) leftOut.set(one.row.row, out);
    return out ? [] : [{ shown: one, candidates: all as Candidate[] }];
  });
  return { contests, leftOut: [...leftOut.values()] };
}

/** Of each contest, in the order of its candidates. */
async function rewardsOf(contests: readonly Contest[], rewards: Rewards | null): Promise<number[][]> {
  if (!rewards) return [];
  const answers = contests.flatMap(({ shown: { row }, candidates }) =>
    candidates.map(({ response = '' }) => ({ row, response })),
  );
  const found = await rewards(answers);
  return contests.map(({ candidates }) => found.splice(0, candidates.length));
}

type Judgement = Pick<OfModel, 'judged' | 'judgeProblem'>;

/** What the judge thinks of each contest's candidates, contest by contest. */
async function judging(
  { judge }: CompareTask,
  { rows, judges, signal }: TaskSetting,
): Promise<(contests: readonly Contest[]) => AsyncIterable<readonly Judgement[]>> {
  if (!judge)
    return async function* (contests) {
      for (const { candidates } of contests) yield candidates.map(() => ({}));
    };
  const question = judgeQuestion(judge, rows.dataset);
  await requireJudge(judge, judges);
  return async function* (contests) {
    const items = contests.map(contest => ({
      item: contest,
      responses: contest.candidates.map(({ response = contest.shown.prompt }) => ({
        response,
        question: question(contest.shown.row, response),
      })),
    }));
    for await (const found of verdicts(judge, items, judges, signal))
      yield found.verdicts.map(({ score, problem }) => ({ judged: score, ...(problem && { judgeProblem: problem }) }));
  };
}

function comparedRow(
  { shown: { row, prompt, reference }, candidates }: Contest,
  checks: readonly Check[],
  rewards: readonly number[] | undefined,
  judgements: readonly Judgement[],
): ComparedRow {
  const models = candidates.map((candidate, at): OfModel => {
    const reward = rewards?.[at];
    return {
      ...candidate,
      ...(reward !== undefined && { reward }),
      ...judgements[at],
      checks: checks.map(({ passes }) => passes(candidate.response ?? prompt)),
    };
  });
  return { ...rowBase(row), prompt, ...(reference !== undefined && { reference }), models };
}

function textColumn({ dataset }: TaskSetting['rows']) {
  return chosenColumn(textColumnOf(dataset.roles) ?? 'text', dataset, 'dataset.columns.text');
}

function requireModels(models: readonly HeldModel[]): void {
  const names = new Set(models.map(({ name }) => name));
  if (names.size === models.length && models.length >= 2) return;
  throw new Reasoned(
    'compare-models',
    models.length < 2 ? 'There are fewer than two models to compare.' : 'A model is named twice.',
    'Name two different models, or more.',
  );
}
