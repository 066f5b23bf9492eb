import * as vscode from 'vscode';
import type { ModelEntry } from '../../protocol/engine.ts';
import { modelFigures, modelOrigin } from '../commands/pickModel.ts';
import { weightBytes } from '../../protocol/precision.ts';
import { Disposable } from '../disposable.ts';
import { escaped } from '../editor/markdown.ts';
import type { Download, Models } from '../models/models.ts';
import { bytes, count } from '../format.ts';
import { progressText, shortProgressText } from '../progress.ts';

type Row = { readonly entry: ModelEntry } | { readonly download: Download } | { readonly offer: string };

const REAL_GPT2 = 'openai-community/gpt2';

/** The Models view: downloads under way, then the models; while the starter is alone, an offer of the real GPT-2. */
export class ModelsView extends Disposable implements vscode.TreeDataProvider<Row> {
  readonly onDidChangeTreeData: vscode.Event<void>;
  readonly #models: Models;
  readonly #view: vscode.TreeView<Row>;

  constructor(models: Models) {
    super();
    this.#models = models;
    this.onDidChangeTreeData = models.onDidChange;
    this.#view = this._register(vscode.window.createTreeView('lmLab.models', { treeDataProvider: this }));
    // Other windows and the command line change the same list.
    this._register(this.#view.onDidChangeVisibility(({ visible }) => visible && models.refresh()));
    this._register(models.onDidChange(() => this.#tell()));
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (parent) return [];
    const listed = await this.#models.list();
    const entries = listed.ok ? listed.value : [];
    const alone = entries.every(({ source }) => source === 'starter') && this.#models.downloads.length === 0;
    return [
      ...this.#models.downloads.map(download => ({ download })),
      ...entries.map(entry => ({ entry })),
      ...(listed.ok && alone ? [{ offer: REAL_GPT2 }] : []),
    ];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    if ('download' in row) return downloadItem(row.download);
    return 'entry' in row ? modelItem(row.entry) : offerItem(row.offer);
  }

  #tell(): void {
    const { problem } = this.#models;
    this.#view.message = problem ? `${problem.message} ${problem.remedy}` : '';
  }
}

function modelItem(entry: ModelEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(entry.id);
  item.id = entry.id;
  item.contextValue = `model ${entry.source}${entry.active ? ' active' : ''}${entry.problem ? ' problem' : ''}`;
  item.description = entry.problem
    ? entry.problem.message
    : [entry.active && 'active', entry.precision, `${count(entry.parameters)} parameters`, entry.labels && 'classifier']
        .filter(Boolean)
        .join(' · ');
  item.iconPath = iconOf(entry);
  item.tooltip = tooltipOf(entry);
  item.accessibilityInformation = { label: `${entry.id}, ${entry.active ? 'active, ' : ''}${item.description}` };
  return item;
}

function iconOf({ active, problem, source }: ModelEntry): vscode.ThemeIcon {
  if (problem) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  if (active) return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('charts.green'));
  return new vscode.ThemeIcon({ starter: 'mortar-board', folder: 'folder', hub: 'cloud' }[source]);
}

function tooltipOf(entry: ModelEntry): vscode.MarkdownString {
  const { problem, precision = 'f32' } = entry;
  const lines = problem
    ? [`**${escaped(entry.id)}**`, escaped(problem.message), escaped(problem.remedy)]
    : [
        `**${escaped(entry.id)}** — ${escaped(entry.architecture)}`,
        escaped(`${modelFigures(entry)} · ${entry.contextLength.toLocaleString('en')} tokens of context`),
        escaped(
          `Loaded in ${precision}, which takes about ${bytes(weightBytes(entry.parameters, precision))} of memory`,
        ),
        ...(entry.labels ? [escaped(`Classifies: ${entry.labels.slice(0, 10).join(', ')}`)] : []),
        escaped(modelOrigin(entry)),
      ];
  return new vscode.MarkdownString(lines.join('\n\n'));
}

function downloadItem({ source, progress }: Download): vscode.TreeItem {
  const item = new vscode.TreeItem(source);
  item.id = `download ${source}`;
  item.contextValue = 'download';
  item.description = progress ? shortProgressText(progress) : 'asking the hub';
  item.iconPath = new vscode.ThemeIcon('sync~spin');
  item.tooltip = progress ? progressText(progress) : '';
  item.accessibilityInformation = { label: `${source}, ${item.description}` }; // else the tooltip alone is read out
  return item;
}

function offerItem(name: string): vscode.TreeItem {
  const item = new vscode.TreeItem('Get the real GPT-2…');
  item.description = '548 MB';
  item.tooltip = `${name}: 124 M parameters, 548 MB to download`;
  item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
  item.iconPath = new vscode.ThemeIcon('cloud-download');
  item.command = { command: 'lmLab.downloadModel', title: 'Download GPT-2', arguments: [name] };
  return item;
}
