import * as vscode from 'vscode';
import { activeFile, beginningOf } from '../datasets/datasetContext.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { DATASET_FILTERS, DATASET_GLOB, isDataset, mayBeDataset } from '../datasets/files.ts';
import type { DatasetRequest, OpenedDataset } from '../../protocol/dataset.ts';
import { datasetEmpty } from '../../protocol/datasetEmpty.ts';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';
import { withProgress } from '../progress.ts';
import { showReason } from '../showReason.ts';

/** Files of the workspace that are offered, at most. */
const OFFERED = 100;

/** Opens the Dataset panel of a file: the one given, the one in the active editor, or one that is picked. */
export async function openDataset(lab: Lab, given?: vscode.Uri | string): Promise<void> {
  const file = await chosenDataset('Open Dataset Panel', given);
  if (file !== undefined) (await lab.panels.datasets()).show(file);
}

/** The dataset file that a command is about: the one given, the one in the active editor, or one that is picked. */
export async function chosenDataset(title: string, given?: vscode.Uri | string): Promise<string | undefined> {
  return given ? fileOf(given) : ((await activeDataset()) ?? (await pickDataset(title)));
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
export async function chosenWithSettings(
  lab: Lab,
  title: string,
  given?: GivenDataset,
): Promise<ChosenDataset | undefined> {
  const request = given && typeof given === 'object' && 'dataset' in given ? given : undefined;
  const file = request ? request.dataset.file : await chosenDataset(title, given as vscode.Uri | string | undefined);
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

/** One of the files in sight; the one in the active editor first, where its name alone does not tell whether it is a dataset. */
async function pickDataset(title: string): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles(DATASET_GLOB, '**/{node_modules,.*}/**', OFFERED);
  const begun = await Promise.all(found.map(async uri => ({ uri, beginning: await beginningOf(uri) })));
  const files = begun
    .filter(({ uri, beginning }) => isDataset(uri.fsPath, beginning))
    .map(({ uri }) => offer(uri))
    .sort((a, b) => a.label.localeCompare(b.label));
  const active = activeFile();
  const shown: Offer[] =
    active && mayBeDataset(active.fsPath) ? [{ ...offer(active), description: 'in the active editor' }] : [];
  const others: Offer[] = [
    { label: '', kind: vscode.QuickPickItemKind.Separator, choose: () => undefined },
    { label: '$(folder-opened) Another File…', choose: browse },
    { label: '$(cloud-download) Get Dataset…', choose: getInstead },
  ];
  const placeHolder = 'Which dataset? TSV, CSV, JSON, JSONL, Parquet or text';
  const chosen = await pickOne([...shown, ...files, ...others], { title, placeHolder });
  return chosen?.choose();
}

const offer = (uri: vscode.Uri): Offer => ({
  label: `$(table) ${vscode.workspace.asRelativePath(uri)}`,
  choose: () => uri.fsPath,
});

/** Reads a dataset that something is to be done with; undefined, and told, where it can't be read or holds no rows. */
export async function readDataset(lab: Lab, dataset: DatasetRequest): Promise<OpenedDataset | undefined> {
  const opened = await withProgress('Reading the dataset', call => lab.engine.openDataset(dataset, call));
  if (opened.ok && opened.value.rows > 0) return opened.value;
  await showReason(opened.ok ? datasetEmpty(opened.value.file) : opened.error);
  return undefined;
}

async function browse(): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: 'Open Dataset', filters: DATASET_FILTERS })) ?? [];
  return file?.fsPath;
}

async function getInstead(): Promise<undefined> {
  await vscode.commands.executeCommand('lmLab.getDataset');
  return undefined;
}
