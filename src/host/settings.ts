import * as vscode from 'vscode';
import type { DevicePreference, ScoreRequest } from '../protocol/engine.ts';

/** The settings under `lmLab`, as package.json declares and describes them. */
export interface Settings {
  readonly device: DevicePreference;
  /** 0: one for each processor that the system offers. */
  readonly threads: number;
  readonly hover: {
    readonly enabled: boolean;
    readonly languages: readonly string[];
    readonly top: number;
    /** In tokens. */
    readonly contextLength: number;
  };
  readonly score: { readonly firstToken: ScoreRequest['firstToken']; readonly top: number };
  readonly continue: { readonly decoding: string; readonly maxNewTokens: number };
  readonly inlineCompletions: {
    readonly enabled: boolean;
    readonly languages: readonly string[];
    readonly maxNewTokens: number;
  };
  readonly lineClassification: { readonly enabled: boolean };
  readonly heat: { readonly cue: 'none' | 'underline' };
  readonly engine: { readonly idleMinutes: number };
  /** The interpreter that trains by PyTorch; empty: found. */
  readonly python: string;
  readonly huggingFace: { readonly endpoint: string; readonly cache: string };
}

const SECTION = 'lmLab';

/** The settings as they are now, defaults filled in. */
export function settings(): Settings {
  const read = vscode.workspace.getConfiguration().get<Settings>(SECTION);
  if (!read) throw new Error('package.json declares no settings under lmLab.');
  return read;
}

/** Calls back when a setting whose name starts so (`hover`, `heat.cue`) changes. */
export function onSettingChange(name: string, changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (event.affectsConfiguration(`${SECTION}.${name}`)) changed();
  });
}

/** Writes a setting for all windows. */
export async function writeSetting(
  name: 'device' | 'hover.enabled' | 'lineClassification.enabled' | 'python',
  value: unknown,
): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update(name, value, vscode.ConfigurationTarget.Global);
}
