import type * as vscode from 'vscode';
import { STATE_WORDS } from '../../../protocol/run/words.ts';
import type { Lab } from '../../lab.ts';
import { pickOne, pickSeveral } from '../../pick.ts';
import type { Run } from '../../runs/runList.ts';
import { runFigures } from '../../views/runWords.ts';
import { stateIcon } from '../../views/stateIcon.ts';

/** What a row of the Runs view, or the curves' page, gives to the commands on it. */
export interface RunRow {
  readonly run: Run;
}

interface RunItem extends vscode.QuickPickItem {
  readonly run: Run;
}

/** The run of the row a command was run on, as it is now; else one that is picked among those it can be done with. */
export async function pickRun(
  lab: Lab,
  row: RunRow | undefined,
  title: string,
  fits: (run: Run) => boolean = () => true,
): Promise<Run | undefined> {
  if (row?.run) return lab.runs.list.get(row.run.folder) ?? row.run;
  const items = await itemsFor(lab, fits);
  if (items.length === 1) return items[0]?.run;
  return (await pickOne(items, options(title, items.length, lab)))?.run;
}

/** Several of them. */
export async function pickRuns(lab: Lab, title: string): Promise<readonly Run[] | undefined> {
  const items = await itemsFor(lab, () => true);
  const picked = await pickSeveral(items, options(title, items.length, lab));
  return picked?.map(({ run }) => run);
}

async function itemsFor({ runs }: Lab, fits: (run: Run) => boolean): Promise<RunItem[]> {
  await runs.list.refresh();
  return runs.list.runs.filter(fits).map(run => ({
    run,
    label: `$(${stateIcon(run.state).id}) ${run.title}`,
    description: [STATE_WORDS[run.state], runFigures(run)].filter(Boolean).join(' · '),
    detail: run.name === run.title ? run.folder : run.name,
  }));
}

const options = (title: string, fitting: number, { runs }: Lab) => ({
  title,
  placeHolder: placeHolderFor(fitting, runs.list.runs.length),
  matchOnDescription: true,
});

/** An empty list says why it is empty. */
function placeHolderFor(fitting: number, all: number): string {
  if (fitting > 0) return 'Choose a run';
  return all > 0 ? 'There is no run with which this can be done now' : 'There is none until a model is fine-tuned';
}
