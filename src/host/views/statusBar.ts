import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import { commandLink, escaped } from '../editor/markdown.ts';
import { placeOf } from '../../protocol/precision.ts';
import type { Models } from '../models/models.ts';
import { canInstallCuda } from '../processes/installer.ts';
import type { EngineProcess } from '../processes/engineProcess.ts';
import type { Scores } from '../scoring/scores.ts';

/** The active model and where it runs; a click chooses another. The hover says why no better device is used. */
export class StatusBar extends Disposable {
  readonly #models: Models;
  readonly #process: EngineProcess;
  readonly #scores: Scores;
  readonly #item = this._register(
    vscode.window.createStatusBarItem('lmLab.model', vscode.StatusBarAlignment.Right, 90),
  );

  constructor(models: Models, process: EngineProcess, scores: Scores) {
    super();
    this.#models = models;
    this.#process = process;
    this.#scores = scores;
    this.#item.name = 'LM Lab Model';
    this.#item.command = 'lmLab.chooseModel';
    const show = (): void => this.#show();
    this._register(models.onDidChange(show));
    this._register(scores.onDidScore(show));
    this._register(scores.onDidProgress(show));
    process.events.on('state', show);
    this._register({ dispose: () => process.events.off('state', show) });
    show();
    this.#item.show();
  }

  #show(): void {
    const { activeId, device, active, problem } = this.#models;
    const passedOver = device?.passedOver ?? [];
    const wrong = problem ?? active?.problem;
    const chosen = active?.precision;
    const place = device ? placeOf(device) : chosen;
    this.#item.text = `$(${this.#icon()}) ${[activeId, place].filter(Boolean).join(' · ')}`;
    this.#item.backgroundColor = wrong && new vscode.ThemeColor('statusBarItem.warningBackground');
    const lines = [
      `**LM Lab**: ${escaped(activeId)}${device ? ` on ${escaped(device.device)} in ${device.precision}, ${device.threads} threads` : ''}`,
      ...(wrong ? [`$(warning) ${escaped(`${wrong.message} ${wrong.remedy}`)}`] : []),
      ...(device || wrong ? [] : ['The model is loaded when it is first used.']),
      ...passedOver.map(({ device: name, reason }) => `Not on ${escaped(name)}: ${escaped(reason)}${remedyFor(name)}`),
      'Click to choose another model.',
    ];
    const tooltip = new vscode.MarkdownString(lines.join('\n\n'), true);
    tooltip.isTrusted = { enabledCommands: [INSTALL_CUDA] };
    this.#item.tooltip = tooltip;
  }

  #icon(): string {
    const busy = this.#process.state === 'starting' || this.#scores.state.kind === 'loading';
    if (busy) return 'sync~spin';
    return this.#models.problem || this.#models.active?.problem ? 'warning' : 'symbol-numeric';
  }
}

const INSTALL_CUDA = 'lmLab.installCuda';

const remedyFor = (device: string): string =>
  device.startsWith('cuda') && canInstallCuda() ? ` ${commandLink('Install CUDA Files…', INSTALL_CUDA)}` : '';
