import { EVALUATION_WORDS, TASK_WORDS } from '../../../protocol/evaluation/words.ts';
import type { Evaluation } from '../../evaluations/evaluations.ts';
import { shortFigures } from '../../evaluations/evaluationWords.ts';
import type { Lab } from '../../lab.ts';
import { pickOne } from '../../pick.ts';
import { stateIcon } from '../../views/stateIcon.ts';

/** What a row of the Evaluations view, or the evaluation's page, gives to the commands on it. */
export interface EvaluationRow {
  readonly evaluation: Evaluation;
}

/** The evaluation of the row a command was run on, as it is now; else one that is picked among those it can be done with. */
export async function pickEvaluation(
  { evaluations }: Lab,
  row: EvaluationRow | undefined,
  title: string,
  fits: (evaluation: Evaluation) => boolean = () => true,
): Promise<Evaluation | undefined> {
  const { list } = evaluations;
  if (row?.evaluation) return list.get(row.evaluation.folder) ?? row.evaluation;
  await list.refresh();
  const items = list.items.filter(fits).map(evaluation => ({
    evaluation,
    label: `$(${stateIcon(evaluation.state).id}) ${evaluation.title}`,
    description: shortFigures(evaluation) || EVALUATION_WORDS[evaluation.state],
    detail: evaluation.request ? TASK_WORDS[evaluation.request.task].title : evaluation.folder,
  }));
  const placeHolder = placeHolderFor(items.length, list.items.length);
  return (await pickOne(items, { title, placeHolder, matchOnDescription: true }))?.evaluation;
}

/** An empty list says why it is empty. */
function placeHolderFor(fitting: number, all: number): string {
  if (fitting > 0) return 'Choose an evaluation';
  return all > 0
    ? 'There is no evaluation with which this can be done now'
    : 'There is none until something is evaluated';
}
