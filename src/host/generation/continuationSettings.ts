import type * as vscode from 'vscode';
import { settingsOf } from '../../protocol/decodingOptions.ts';
import type { DecodingSettings } from '../../protocol/generation.ts';
import { err, ok, type Result } from '../../protocol/result.ts';
import { settings } from '../settings.ts';
import { PRESETS } from './presets.ts';
import { namedSettings } from './session.ts';

/** The decoding of `Continue Here`: a preset, or settings of the workspace, by the name that the user's settings say. */
export function continuationSettings(memory: vscode.Memento): Result<DecodingSettings> {
  const { decoding, maxNewTokens } = settings().continue;
  const all = [...namedSettings(memory), ...PRESETS];
  const chosen = all.find(({ name }) => name === decoding);
  if (chosen) return ok(settingsOf({ ...chosen.settings, maxNewTokens }));
  return err(
    'decoding-unknown',
    `No decoding settings are named “${decoding}”.`,
    `Set lmLab.continue.decoding to one of ${all.map(({ name }) => `“${name}”`).join(', ')}.`,
  );
}
