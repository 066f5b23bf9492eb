import * as vscode from 'vscode';
import type {
  SavedCurves,
  TrainingCurvesIntent,
  TrainingCurvesMessage,
  TrainingCurvesSnapshot,
} from '../../protocol/panels/trainingCurves.ts';
import { isWorking } from '../../protocol/run/liveness.ts';
import { checkpointFolder } from '../../protocol/run/reading.ts';
import { reveal } from '../folders/reveal.ts';
import { Disposable } from '../disposable.ts';
import { RunFollower } from '../runs/runFollower.ts';
import type { Run } from '../runs/runList.ts';
import type { Runs } from '../runs/runs.ts';
import { metricsCsv } from './metricsCsv.ts';
import { carryOut, type IntentHandlers } from './intents.ts';
import { fillPage } from './page.ts';
import { saveExport } from './saveExport.ts';
import { curvesData, curvesRun, otherRun } from './trainingCurvesSnapshot.ts';
import { VIEW_TYPES } from './viewTypes.ts';

const TITLE = 'Training Curves';

/** How often the metrics of shown runs are read while one of them is under way. */
const FOLLOW_MILLISECONDS = 500;

type Handlers = IntentHandlers<TrainingCurvesIntent>;

/** The host's half of the Training Curves panel: follows the runs that are shown and sends what came. */
export class TrainingCurvesPanel extends Disposable implements vscode.WebviewPanelSerializer<SavedCurves> {
  readonly #extension: vscode.ExtensionContext;
  readonly #runs: Runs;
  readonly #handlers: Handlers;
  #panel: vscode.WebviewPanel | undefined;
  #shown: readonly RunFollower[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The page has a snapshot, to which changes can be told: a page that comes into sight is made anew. */
  #told = false;
  #following: Promise<void> = Promise.resolve();

  constructor(extension: vscode.ExtensionContext, runs: Runs) {
    super();
    this.#extension = extension;
    this.#runs = runs;
    this.#handlers = this.#intents();
    this._register(runs.list.onDidChange(() => this.#runsChanged()));
    this._register({ dispose: () => clearTimeout(this.#timer) });
    this._register({ dispose: () => this.#panel?.dispose() });
  }

  /** What the page shows, as it would be sent now. */
  get snapshot(): TrainingCurvesSnapshot {
    return { ...this.#listed(), data: this.#shown.map(follower => curvesData(follower)) };
  }

  /** Opens the panel with these runs drawn over each other; without any, with those of before or the latest run. */
  show(folders?: readonly string[]): void {
    const [latest] = this.#runs.list.runs;
    const before = this.#shown.map(({ folder }) => folder);
    const chosen = folders ?? (before.length > 0 || !latest ? before : [latest.folder]);
    if (!sameList(chosen, before)) this.#setShown(chosen);
    if (this.#panel) return this.#panel.reveal();
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    this.#take(vscode.window.createWebviewPanel(VIEW_TYPES.trainingCurves, TITLE, column, { enableFindWidget: true }));
  }

  /** A run that may be shown has another folder now. */
  renamed(from: string, to: string): void {
    if (this.#shown.some(({ folder }) => folder === from))
      this.#setShown(this.#shown.map(({ folder }) => (folder === from ? to : folder)));
  }

  get isOpen(): boolean {
    return this.#panel !== undefined;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: SavedCurves | undefined): Promise<void> {
    await this.#runs.list.refresh();
    this.#setShown(saved?.folders ?? []);
    this.#take(panel);
  }

  #take(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    this.#told = false;
    panel.webview.onDidReceiveMessage((intent: TrainingCurvesIntent) => carryOut(this.#handlers, intent));
    panel.onDidChangeViewState(() => {
      this.#told &&= panel.visible;
      void this.#follow();
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      clearTimeout(this.#timer);
    });
    fillPage(panel, this.#extension.extensionUri, 'trainingCurves', TITLE);
  }

  /** Followers of runs that are shown already go on. */
  #setShown(folders: readonly string[]): void {
    const present = new Map(this.#shown.map(follower => [follower.folder, follower]));
    this.#shown = folders.map(folder => present.get(folder) ?? new RunFollower(folder));
    const wasTold = this.#told;
    this.#told = false;
    void this.#follow().then(() => wasTold && this.#tellAll());
  }

  #tellAll(): void {
    this.#told = true;
    this.#post({ type: 'snapshot', snapshot: this.snapshot });
  }

  #post(message: TrainingCurvesMessage): void {
    if (this.#told) void this.#panel?.webview.postMessage(message);
  }

  #listed(): Pick<TrainingCurvesSnapshot, 'runs' | 'others'> {
    const { list } = this.#runs;
    const shown = this.#shown.flatMap(({ folder }) => list.get(folder) ?? []);
    return { runs: shown.map(curvesRun), others: list.runs.filter(run => !shown.includes(run)).map(otherRun) };
  }

  #runsChanged(): void {
    if (!this.#panel) return;
    this.#post({ type: 'runs', ...this.#listed() });
    void this.#follow();
  }

  /** Reads what came and sends it; again and again while a run is under way and the page is in sight. */
  #follow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#following = this.#following.then(() => this.#readOnce());
    return this.#following;
  }

  async #readOnce(): Promise<void> {
    for (const follower of this.#shown) {
      const growth = await follower.read();
      if (!growth) continue;
      this.#post({ type: 'grown', data: curvesData(follower, growth), samplesFrom: growth.samplesFrom });
    }
    clearTimeout(this.#timer);
    const working = this.#shown.some(({ folder }) => isWorking(this.#runs.list.get(folder)?.state ?? 'ready'));
    if (this.#panel?.visible && working) this.#timer = setTimeout(() => void this.#follow(), FOLLOW_MILLISECONDS);
  }

  #intents(): Handlers {
    return {
      ready: async () => {
        await this.#follow();
        this.#tellAll();
      },
      show: ({ folders }) => this.#setShown(folders),
      runCommand: ({ command, folder }) => {
        const run = this.#runs.list.get(folder);
        return run && vscode.commands.executeCommand(command, { run });
      },
      openFolder: () => vscode.commands.executeCommand('lmLab.openRunFolder'),
      openCheckpoint: ({ folder, step }) => reveal(checkpointFolder(folder, step)),
      exportFigure: ({ format, content }) => saveExport(this.#exportName, format, content),
      exportCsv: () => saveExport(this.#exportName, 'csv', metricsCsv(this.#exported)),
    };
  }

  get #first(): Run | undefined {
    return this.#runs.list.get(this.#shown[0]?.folder ?? '');
  }

  get #exportName(): string {
    return `${this.#first?.title ?? 'runs'}.curves`;
  }

  get #exported(): Array<{ title: string; metrics: RunFollower['metrics'] }> {
    return this.#shown.map(({ folder, metrics }) => ({ title: this.#runs.list.get(folder)?.name ?? folder, metrics }));
  }
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);
