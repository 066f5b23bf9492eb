import * as vscode from 'vscode';
import { EVALUATION_WORDS } from '../../protocol/evaluation/words.ts';
import { isWorking } from '../../protocol/run/liveness.ts';
import { Disposable } from '../disposable.ts';
import type { Evaluation, Evaluations } from '../evaluations/evaluations.ts';
import { shortFigures } from '../evaluations/evaluationWords.ts';

/** Progress of what is being evaluated; a click opens it. There is no item while nothing is. */
export class EvaluationsStatusBar extends Disposable {
  readonly #evaluations: Evaluations;
  readonly #item = this._register(
    vscode.window.createStatusBarItem('lmLab.evaluating', vscode.StatusBarAlignment.Left, 9),
  );

  constructor(evaluations: Evaluations) {
    super();
    this.#evaluations = evaluations;
    this.#item.name = 'LM Lab Evaluation';
    this._register(evaluations.list.onDidChange(() => this.#show()));
  }

  #show(): void {
    const working = this.#evaluations.list.items.filter(({ state }) => isWorking(state) || state === 'queued');
    const [first] = working;
    if (!first) return this.#item.hide();
    const more = working.length > 1 ? ` +${working.length - 1}` : '';
    this.#item.text = `$(sync~spin) ${told(first)}${more}`;
    this.#item.accessibilityInformation = { label: `Evaluating ${told(first)}` };
    this.#item.tooltip = working.map(told).join('\n');
    const evaluation = first;
    this.#item.command = { command: 'lmLab.openEvaluation', title: 'Open Evaluation', arguments: [{ evaluation }] };
    this.#item.show();
  }
}

/** `dev-prompt · 42 % · 20 s left` */
const told = (evaluation: Evaluation): string =>
  [
    evaluation.title,
    evaluation.state === 'running' ? shortFigures(evaluation) : EVALUATION_WORDS[evaluation.state],
  ].join(' · ');
