import * as vscode from 'vscode';
import type { ScoredText } from '../../protocol/engine.ts';
import { keep, kept } from '../keptFile.ts';
import { ScoredDocument, type Span } from './scoredDocument.ts';
import type { Scoring } from './scores.ts';

/** The current scores as they outlive the window: a file of results, so that a reload runs no model. */
interface Kept extends Omit<Scoring, 'document'> {
  readonly uri: string;
  readonly name: string;
  readonly whole: boolean;
  readonly spans: readonly Span[];
  readonly texts: readonly ScoredText[];
}

const FILE = 'scores.json';

/** Larger results are not kept: reading them back would take longer than a person waits for a window. */
const KEPT_TOKENS = 50_000;

/** Keeps the scores in a folder, in place of those before. */
export async function keepScores(folder: vscode.Uri, { document, ...scoring }: Scoring): Promise<void> {
  const { uri, name, whole, spans, texts } = document;
  const tokens = texts.reduce((sum, text) => sum + text.tokens.length, 0);
  const value: Kept = { ...scoring, uri, name, whole, spans, texts };
  await keep(folder, FILE, tokens > KEPT_TOKENS ? null : value);
}

/** The scores that were kept, laid over their document as it is now: stale where it has changed. */
export async function keptScores(folder: vscode.Uri): Promise<Scoring | undefined> {
  const scores = await kept<Kept | null>(folder, FILE);
  if (!scores) return undefined;
  const { uri, name, whole, spans, texts, model, device, comparedModel, comparedDevice, compared } = scores;
  const text = await textOf(vscode.Uri.parse(uri));
  const document = new ScoredDocument(uri, name, text ?? '', spans, whole);
  const same = texts.every((scored, i) => text?.slice(spans[i]?.start, spans[i]?.end) === scored.text);
  document.stale = !same;
  document.fill(texts);
  return { document, model, device, comparedModel, comparedDevice, compared };
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return (await vscode.workspace.openTextDocument(uri)).getText();
  } catch {
    return undefined; // the document is gone: its scores are stale
  }
}
