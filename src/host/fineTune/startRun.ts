import * as vscode from 'vscode';
import type { Result } from '../../protocol/result.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';
import type { Panels } from '../panels/panels.ts';
import type { Runs } from '../runs/runs.ts';
import { resolve } from 'node:path';

export interface RunStart {
  readonly runs: Runs;
  readonly panels: Panels;
}

/** A new run of a request whose paths are relative to `base`: made, started, and its curves shown. */
export async function startRun({ runs, panels }: RunStart, request: RunRequest, base: string): Promise<Result<string>> {
  const dataset = vscode.Uri.file(resolve(base, request.dataset.file));
  const created = await runs.create(request, base, dataset);
  if (!created.ok) return created;
  const started = await runs.start(created.value);
  if (!started.ok) return started;
  (await panels.trainingCurves()).show([created.value]);
  return created;
}
