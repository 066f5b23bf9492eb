import * as vscode from 'vscode';
import type { Call, EngineApi } from '../../protocol/engine.ts';
import { placementText } from '../../protocol/placement.ts';
import { CANCELLED } from '../../protocol/result.ts';
import type { Models } from '../models/models.ts';
import { settings } from '../settings.ts';

const SCHEME = 'lm-lab-device';

/** Where a model is looked for, and what looks where it runs. */
interface Reporting {
  readonly engine: EngineApi;
  readonly models: Models;
}

let reports = 0;
/** What was found for documents that are about to be opened, by their address. */
const found = new Map<string, string>();

/**
 * Looks where a model runs: the address of a document that tells it, another one each time, since what was told may have
 * changed: libraries installed, a setting. Null where it was cancelled.
 */
export async function newDeviceReport(lab: Reporting, id: string, call: Call): Promise<vscode.Uri | null> {
  const text = await reportText(lab, id, call);
  if (text === null) return null;
  const path = `/${id} on ${settings().device}.yaml`;
  const uri = vscode.Uri.from({ scheme: SCHEME, path, query: id, fragment: String(++reports) });
  found.set(uri.toString(), text);
  return uri;
}

/** Null where it was cancelled. */
async function reportText({ engine, models }: Reporting, id: string, call: Call): Promise<string | null> {
  const choice = await models.choice(id);
  const placement = choice.ok ? await engine.placement(choice.value, call) : choice;
  if (placement.ok) return placementText(placement.value);
  const { code, message, remedy } = placement.error;
  return code === CANCELLED ? null : `# ${message}\n# ${remedy}\n`;
}

/** Where a model runs, node by node, as read-only documents that fold by indentation; one that is restored looks anew. */
export function registerDeviceReport(engine: EngineApi, models: Models): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri, token) {
      const text = found.get(uri.toString());
      found.delete(uri.toString());
      if (text !== undefined) return text;
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return reportText({ engine, models }, uri.query, { signal: abort.signal });
    },
  });
}
