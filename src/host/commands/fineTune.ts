import * as vscode from 'vscode';
import type { OpenedDataset } from '../../protocol/dataset.ts';
import type { ModelEntry } from '../../protocol/engine.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import { firstRequest, methodsFor, rolesInWords } from '../fineTune/firstRequest.ts';
import { startRun } from '../fineTune/startRun.ts';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';
import { showReason } from '../showReason.ts';
import { chosenWithSettings, type GivenDataset, readDataset } from './openDataset.ts';
import { modelItem } from './pickModel.ts';

/**
 * From a dataset file to a run, in three steps at most: method, model, and whether to start or to see everything first.
 * What was set in the file's Dataset panel, where it is open, goes with it, and at once to the form where that names a
 * method.
 */
export async function fineTune(lab: Lab, given?: GivenDataset): Promise<void> {
  const chosen = await chosenWithSettings(lab, 'Fine-tune', given);
  if (!chosen) return;
  const { file, given: set = chosen.open?.request } = chosen;
  const dataset = set ?? { model: lab.models.activeId, dataset: { file } };
  if (dataset.method) return (await lab.panels.fineTune()).show({ ...dataset, method: dataset.method });
  const opened = await readDataset(lab, dataset);
  const method = opened && (await pickMethod(opened));
  const model = method && (await pickBase(lab));
  if (!method || !model) return;
  const request = { ...dataset, ...firstRequest(file, method, model.id), dataset: dataset.dataset };
  const next = await pickNext(request);
  if (next === 'form') await (await lab.panels.fineTune()).show(request);
  if (next === 'start') {
    const started = await startRun(lab, request, '/');
    if (!started.ok) await showReason(started.error);
  }
}

async function pickMethod(opened: OpenedDataset): Promise<RunRequest['method'] | undefined> {
  const words = rolesInWords(opened);
  const items = methodsFor(opened).map(({ method, title, meaning }) => ({
    method,
    label: `$(${method === opened.method ? 'check' : 'blank'}) ${title}`,
    description: method === opened.method ? `suits its columns: ${words}` : method,
    detail: meaning,
  }));
  const title = `Fine-tune on ${vscode.workspace.asRelativePath(opened.file)} (1 of 3)`;
  const placeHolder = `What should be learned? ${opened.rows.toLocaleString('en')} rows`;
  return (await pickOne(items, { title, placeHolder, matchOnDescription: true }))?.method;
}

/** The model to start from, the active one first. */
async function pickBase(lab: Lab): Promise<ModelEntry | undefined> {
  const listed = await lab.models.list();
  if (!listed.ok) {
    await showReason(listed.error);
    return undefined;
  }
  const usable = listed.value.filter(({ problem }) => !problem);
  const items = usable.sort((a, b) => Number(b.active) - Number(a.active)).map(modelItem);
  const options = { title: 'Fine-tune (2 of 3)', placeHolder: 'Which model to start from?', matchOnDescription: true };
  return (await pickOne(items, options))?.entry;
}

async function pickNext({ method, model }: RunRequest): Promise<'start' | 'form' | undefined> {
  const items = [
    {
      next: 'form' as const,
      label: '$(settings) Open the Form',
      detail: 'Everything that can be set, with what it would take in time, memory and on disk',
    },
    {
      next: 'start' as const,
      label: '$(play) Start with the Defaults',
      detail: 'Two epochs, all layers, learning rate 5e-5; it can be stopped and resumed at any time',
    },
  ];
  const title = `Fine-tune ${model}: ${method} (3 of 3)`;
  return (await pickOne(items, { title, placeHolder: 'Start now?' }))?.next;
}
