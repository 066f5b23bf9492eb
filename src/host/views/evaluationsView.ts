import * as vscode from 'vscode';
import { EVALUATION_WORDS, TASK_WORDS } from '../../protocol/evaluation/words.ts';
import { isWorking } from '../../protocol/run/liveness.ts';
import type { EvaluationRow } from '../commands/evaluations/pickEvaluation.ts';
import { Disposable } from '../disposable.ts';
import { escaped } from '../editor/markdown.ts';
import type { Evaluation, Evaluations } from '../evaluations/evaluations.ts';
import { shortFigures } from '../evaluations/evaluationWords.ts';
import { stateIcon } from './stateIcon.ts';

/** The Evaluations view: what is evaluated here and what was, the latest first. */
export class EvaluationsView extends Disposable implements vscode.TreeDataProvider<EvaluationRow> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  readonly #evaluations: Evaluations;
  readonly #view: vscode.TreeView<EvaluationRow>;

  constructor(evaluations: Evaluations) {
    super();
    this.#evaluations = evaluations;
    const { list } = evaluations;
    this.onDidChangeTreeData = list.onDidChange;
    const options = { treeDataProvider: this, canSelectMany: true };
    this.#view = this._register(vscode.window.createTreeView('lmLab.evaluations', options));
    this._register(this.#view.onDidChangeVisibility(({ visible }) => visible && list.refresh()));
    this._register(list.onDidChange(() => this.#count()));
  }

  getChildren(parent?: EvaluationRow): EvaluationRow[] {
    return parent ? [] : this.#evaluations.list.items.map(evaluation => ({ evaluation }));
  }

  getTreeItem({ evaluation }: EvaluationRow): vscode.TreeItem {
    const { title, folder, state } = evaluation;
    const item = new vscode.TreeItem(title);
    item.id = folder;
    item.iconPath = stateIcon(state);
    item.description = shortFigures(evaluation);
    item.contextValue = contextOf(evaluation);
    item.tooltip = tooltipOf(evaluation);
    item.accessibilityInformation = { label: [title, EVALUATION_WORDS[state], item.description].join(', ') };
    item.command = { command: 'lmLab.openEvaluation', title: 'Open Evaluation', arguments: [{ evaluation }] };
    return item;
  }

  /** Evaluations under way as a badge on the view. */
  #count(): void {
    const working = this.#evaluations.list.items.filter(({ state }) => isWorking(state)).length;
    this.#view.badge = working > 0 ? { value: working, tooltip: `${working} under way` } : undefined;
  }
}

/** What the menus of package.json look at. */
function contextOf({ state, mayStop }: Evaluation): string {
  const starts = ['ready', 'stopped', 'failed', 'lost'].includes(state);
  return ['evaluation', state, isWorking(state) && 'working', mayStop && 'mine', starts && 'startable']
    .filter(Boolean)
    .join(' ');
}

function tooltipOf({ title, state, status, request, folder, madeAt, problem }: Evaluation): vscode.MarkdownString {
  const error = problem ?? (state === 'failed' ? status?.error : undefined);
  const lines = [
    `**${escaped(title)}** — ${EVALUATION_WORDS[state]}`,
    error && escaped(`${error.message} ${error.remedy}`),
    request && escaped([TASK_WORDS[request.task].title, ...(request.models ?? [])].join(' · ')),
    [madeAt && escaped(new Date(madeAt).toLocaleString('en')), status && escaped(`${status.host} · ${status.device}`)]
      .filter(Boolean)
      .join(' · '),
    escaped(folder),
  ];
  return new vscode.MarkdownString(lines.filter(Boolean).join('\n\n'));
}
