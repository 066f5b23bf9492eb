import * as vscode from 'vscode';
import { isWorking } from '../../protocol/run/liveness.ts';
import { STATE_WORDS } from '../../protocol/run/words.ts';
import { Disposable } from '../disposable.ts';
import { escaped } from '../editor/markdown.ts';
import { duration } from '../format.ts';
import type { Run } from '../runs/runList.ts';
import type { Runs } from '../runs/runs.ts';
import { percentDone, runFigures } from './runWords.ts';

/** Progress of what is being trained; a click opens its curves. There is no item while nothing is. */
export class RunsStatusBar extends Disposable {
  readonly #runs: Runs;
  readonly #item = this._register(
    vscode.window.createStatusBarItem('lmLab.training', vscode.StatusBarAlignment.Left, 10),
  );

  constructor(runs: Runs) {
    super();
    this.#runs = runs;
    this.#item.name = 'LM Lab Training';
    this._register(runs.list.onDidChange(() => this.#show()));
  }

  #show(): void {
    const working = this.#runs.list.runs.filter(({ state }) => isWorking(state) || state === 'queued');
    const run = working.find(({ state }) => state === 'running') ?? working[0];
    if (!run) return this.#item.hide();
    const more = working.length > 1 ? ` +${working.length - 1}` : '';
    this.#item.text = `$(sync~spin) ${shortProgress(run)}${more}`;
    this.#item.accessibilityInformation = { label: `Training ${run.title}: ${shortProgress(run)}` };
    const lines = working.map(
      one => `**${escaped(one.title)}**: ${STATE_WORDS[one.state]} ${escaped(runFigures(one))}`,
    );
    this.#item.tooltip = new vscode.MarkdownString([...lines, 'Click to open the training curves.'].join('\n\n'));
    this.#item.command = { command: 'lmLab.openCurves', title: 'Open Training Curves', arguments: [{ run }] };
    this.#item.show();
  }
}

/** `sms-spam · 42 % · 3 min left` */
function shortProgress(run: Run): string {
  const percent = percentDone(run);
  const done = run.state === 'running' && percent !== undefined ? `${percent} %` : STATE_WORDS[run.state];
  const left = run.secondsLeft === undefined ? [] : [`${duration(run.secondsLeft)} left`];
  return [run.title, done, ...left].join(' · ');
}
