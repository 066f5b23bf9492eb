import * as vscode from 'vscode';
import type { PanelText, TextPlace, TokenProbabilitiesSnapshot } from '../../protocol/panels/tokenProbabilities.ts';
import { count } from '../format.ts';
import type { Models } from '../models/models.ts';
import type { Scores, Scoring } from '../scoring/scores.ts';

/** All that the page shows, from what is known now. */
export function snapshotOf(scores: Scores, models: Models, selected: number): TokenProbabilitiesSnapshot {
  const { current } = scores;
  return {
    state: scores.state,
    ...modelsOf(models),
    model: current?.model ?? models.activeId,
    comparedModel: current?.comparedModel ?? null,
    device: current?.device ?? '',
    comparedDevice: current?.comparedDevice ?? null,
    stale: current?.document.stale ?? false,
    document: current ? { uri: current.document.uri, name: current.document.name } : null,
    texts: current ? textsOf(current) : [],
    selected,
  };
}

/** The part of it that the models list decides. */
export function modelsOf(models: Models): Pick<TokenProbabilitiesSnapshot, 'models' | 'offersGpt2'> {
  const usable = (models.entries ?? []).filter(entry => !entry.problem);
  return {
    models: usable.map(({ id, parameters, labels }) => ({
      id,
      label: `${id} · ${labels ? 'classifier · ' : ''}${count(parameters)}`,
    })),
    offersGpt2: (models.entries ?? []).every(({ source }) => source === 'starter'),
  };
}

/** The texts, each with the place where it stands now. */
export function textsOf(scoring: Scoring): PanelText[] {
  const { document, compared } = scoring;
  const places = placesOf(scoring);
  return document.texts.map((scored, i) => ({
    ...(places[i] ?? { offset: 0, line: 1 }),
    scored,
    compared: compared?.[i] ?? null,
  }));
}

/** Where the texts stand now. */
export function placesOf({ document: { uri, spans } }: Scoring): TextPlace[] {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri);
  return spans.map(({ start }) => ({ offset: start, line: open ? open.positionAt(start).line + 1 : 1 }));
}
