import type * as vscode from 'vscode';
import type { HostApi } from '../../protocol/evaluation/host.ts';
import { ok } from '../../protocol/result.ts';
import { keptJudgeKey } from './judgeKeys.ts';
import { askLanguageModel } from './languageModels.ts';

/** What the engine asks the editor for when it has responses judged. */
export const judgeHost = (secrets: vscode.SecretStorage): HostApi => ({
  askLanguageModel,
  judgeKey: async ({ address }) => ok((await keptJudgeKey(secrets, address)) ?? null),
});
