import { createHash } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { type AnnotationSettings, firstSettings } from '../../protocol/annotations/settings.ts';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import { ignoreInGit, LAB_FOLDER } from '../../protocol/newFolder.ts';
import { keep, kept } from '../keptFile.ts';

/**
 * What is kept of annotating a dataset beside the judgements themselves, which stand in the output file:
 * `.lm-lab/annotations/<dataset>-<hash of its path>.json`.
 */
export interface AnnotationSession {
  /** Its paths are absolute. */
  readonly dataset: DatasetRequest;
  /** Where judgements go. */
  readonly output: string;
  readonly settings: AnnotationSettings;
  /** Prompts that were passed over by hand. */
  readonly skipped: readonly string[];
  /** How many that were asked again were passed over. */
  readonly skippedAgain: number;
}

/** A dataset that is annotated for the first time; judgements go into a file beside it. */
export const firstAnnotation = (dataset: DatasetRequest): AnnotationSession => ({
  dataset,
  output: outputOf(dataset.dataset.file),
  settings: firstSettings(dataset.model),
  skipped: [],
  skippedAgain: 0,
});

/** `sentences.tsv` → `sentences.preferences.jsonl` */
function outputOf(file: string): string {
  const name = path
    .basename(file)
    .replace(/\.gz$/i, '')
    .replace(/\.[^.]+$/, '');
  return path.join(path.dirname(file), `${name}.preferences.jsonl`);
}

export const keptAnnotation = (
  extension: vscode.ExtensionContext,
  file: string,
): Promise<AnnotationSession | undefined> => kept(folderOf(extension, file), nameOf(file));

export async function keepAnnotation(extension: vscode.ExtensionContext, session: AnnotationSession): Promise<void> {
  const { file } = session.dataset.dataset;
  const folder = folderOf(extension, file);
  await keep(folder, nameOf(file), session);
  await ignoreInGit(folder.fsPath).catch(() => undefined); // where nothing can be written, `keep` has said so
}

/** In the workspace folder of the dataset; where none is open, in the extension's own. */
function folderOf({ globalStorageUri }: vscode.ExtensionContext, file: string): vscode.Uri {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return folder?.uri.scheme === 'file'
    ? vscode.Uri.joinPath(folder.uri, LAB_FOLDER, 'annotations')
    : vscode.Uri.joinPath(globalStorageUri, 'annotations');
}

function nameOf(file: string): string {
  const hash = createHash('sha256').update(file).digest('hex').slice(0, 8);
  return `${path.basename(file)}-${hash}.json`;
}
