import * as vscode from 'vscode';
import { isWorking } from '../../protocol/run/liveness.ts';
import { STATE_WORDS } from '../../protocol/run/words.ts';
import type { RunRow } from '../commands/runs/pickRun.ts';
import { Disposable } from '../disposable.ts';
import { escaped } from '../editor/markdown.ts';
import type { Run } from '../runs/runList.ts';
import type { Runs } from '../runs/runs.ts';
import { runFigures, shortFigures } from './runWords.ts';
import { stateIcon } from './stateIcon.ts';

/** The Runs view: what is trained here, what was, and what was opened from elsewhere, the latest first. */
export class RunsView extends Disposable implements vscode.TreeDataProvider<RunRow> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  readonly #runs: Runs;
  readonly #view: vscode.TreeView<RunRow>;

  constructor(runs: Runs) {
    super();
    this.#runs = runs;
    this.onDidChangeTreeData = runs.list.onDidChange;
    const options = { treeDataProvider: this, canSelectMany: true };
    this.#view = this._register(vscode.window.createTreeView('lmLab.runs', options));
    this._register(this.#view.onDidChangeVisibility(({ visible }) => visible && runs.list.refresh()));
    this._register(runs.list.onDidChange(() => this.#count()));
  }

  getChildren(parent?: RunRow): RunRow[] {
    return parent ? [] : this.#runs.list.runs.map(run => ({ run }));
  }

  getTreeItem({ run }: RunRow): vscode.TreeItem {
    const item = new vscode.TreeItem(run.title);
    item.id = run.folder;
    item.iconPath = stateIcon(run.state);
    item.description = shortFigures(run);
    item.contextValue = contextOf(run);
    item.tooltip = tooltipOf(run);
    const spoken = [run.title, STATE_WORDS[run.state], runFigures(run)].filter(Boolean).join(', ');
    item.accessibilityInformation = { label: spoken };
    item.command = { command: 'lmLab.openCurves', title: 'Open Training Curves', arguments: [{ run }] };
    return item;
  }

  /** Runs under way as a badge on the view. */
  #count(): void {
    const working = this.#runs.list.runs.filter(({ state }) => isWorking(state)).length;
    this.#view.badge = working > 0 ? { value: working, tooltip: `${working} in training` } : undefined;
  }
}

/** What the menus of package.json look at. */
function contextOf({ state, hasModel, hasBest }: Run): string {
  const starts = ['ready', 'stopped', 'failed', 'lost'].includes(state);
  const words = ['run', state, isWorking(state) && 'working', starts && 'startable', (hasModel || hasBest) && 'model'];
  return words.filter(Boolean).join(' ');
}

function tooltipOf(run: Run): vscode.MarkdownString {
  const { title, state, status, request, folder, madeAt } = run;
  const figures = runFigures(run);
  const error = state === 'failed' ? status?.error : undefined;
  const lines = [
    `**${escaped(title)}** — ${STATE_WORDS[state]}${figures ? ` · ${escaped(figures)}` : ''}`,
    error && escaped(`${error.message} ${error.remedy}`),
    request && escaped(`${request.method} · ${request.model} · ${request.dataset?.file}`),
    [madeAt && escaped(new Date(madeAt).toLocaleString('en')), status && escaped(`${status.host} · ${status.device}`)]
      .filter(Boolean)
      .join(' · '),
    escaped(folder),
  ];
  return new vscode.MarkdownString(lines.filter(Boolean).join('\n\n'));
}
