import * as vscode from 'vscode';
import type { EngineApi } from '../../protocol/engine.ts';
import { placementText } from '../../protocol/placement.ts';
import type { Models } from '../models/models.ts';
import { settings } from '../settings.ts';

const SCHEME = 'lm-lab-device';

let reports = 0;

/** Another address each time, since what was told may have changed: libraries installed, a setting. */
export const deviceReportUri = (id: string): vscode.Uri =>
  vscode.Uri.from({
    scheme: SCHEME,
    path: `/${id} on ${settings().device}.yaml`,
    query: id,
    fragment: String(++reports),
  });

/** Where a model runs, node by node, as read-only documents that fold by indentation. */
export function registerDeviceReport(engine: EngineApi, models: Models): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent({ query }) {
      const choice = await models.choice(query);
      const placement = choice.ok ? await engine.placement(choice.value) : choice;
      return placement.ok
        ? placementText(placement.value)
        : `# ${placement.error.message}\n# ${placement.error.remedy}\n`;
    },
  });
}
