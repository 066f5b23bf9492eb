import * as vscode from 'vscode';
import { activeFile, beginningOf } from '../datasets/datasetContext.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { DATASET_FILTERS, DATASET_GLOB, isDataset } from '../datasets/files.ts';
import type { DatasetRequest } from '../../protocol/dataset.ts';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';

/** Files of the workspace that are offered, at most. */
const OFFERED = 100;

/** Opens the Dataset panel of a file: the one given, the one in the active editor, or one that is picked. */
export async function openDataset(lab: Lab, given?: vscode.Uri | string): Promise<void> {
  const file = await chosenDataset(given);
  if (file !== undefined) (await lab.panels.datasets()).show(file);
}

/** The dataset file that a command is about: the one given, the one in the active editor, or one that is picked. */
export async function chosenDataset(given?: vscode.Uri | string): Promise<string | undefined> {
  return given ? fileOf(given) : ((await activeDataset()) ?? (await pickDataset()));
}

/** What a command may be given: a file, or a file with what is set for it. */
export type GivenDataset = vscode.Uri | string | DatasetRequest;

interface ChosenDataset {
  readonly file: string;
  /** What the command was given to be set for it. */
  readonly given: DatasetRequest | undefined;
  /** The dataset as its panel has it, where that is open. */
  readonly open: Dataset | undefined;
}

/** The dataset that a command is about, with what is set for it; undefined where none was picked. */
export async function chosenWithSettings(lab: Lab, given?: GivenDataset): Promise<ChosenDataset | undefined> {
  const request = given && typeof given === 'object' && 'dataset' in given ? given : undefined;
  const file = request ? request.dataset.file : await chosenDataset(given as vscode.Uri | string | undefined);
  if (file === undefined) return undefined;
  return { file, given: request, open: (await lab.panels.datasets()).of(file)?.dataset };
}

const fileOf = (given: vscode.Uri | string): string => (typeof given === 'string' ? given : given.fsPath);

async function activeDataset(): Promise<string | undefined> {
  const file = activeFile();
  return file && isDataset(file.fsPath, await beginningOf(file)) ? file.fsPath : undefined;
}

interface Offer extends vscode.QuickPickItem {
  readonly choose: () => Promise<string | undefined> | string | undefined;
}

async function pickDataset(): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles(DATASET_GLOB, '**/{node_modules,.*}/**', OFFERED);
  const begun = await Promise.all(found.map(async uri => ({ uri, beginning: await beginningOf(uri) })));
  const files = begun
    .filter(({ uri, beginning }) => isDataset(uri.fsPath, beginning))
    .map(({ uri }): Offer => ({ label: `$(table) ${vscode.workspace.asRelativePath(uri)}`, choose: () => uri.fsPath }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const others: Offer[] = [
    { label: '', kind: vscode.QuickPickItemKind.Separator, choose: () => undefined },
    { label: '$(folder-opened) Another File…', choose: browse },
    { label: '$(cloud-download) Get Dataset…', choose: getInstead },
  ];
  const title = 'Open Dataset Panel';
  const placeHolder = 'Which dataset? TSV, CSV, JSON, JSONL, Parquet or text';
  const chosen = await pickOne([...files, ...others], { title, placeHolder });
  return chosen?.choose();
}

async function browse(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: 'Open Dataset', filters: DATASET_FILTERS })) ?? [];
  return file?.fsPath;
}

async function getInstead(): Promise<undefined> {
  await vscode.commands.executeCommand('lmLab.getDataset');
  return undefined;
}
