import * as vscode from 'vscode';
import type { Call } from '../../protocol/engine.ts';
import type { LanguageModelQuestion } from '../../protocol/evaluation/host.ts';
import { cancelled, err, ok, type Result } from '../../protocol/result.ts';

/** A language model that extensions of the editor offer. */
export interface OfferedModel {
  readonly id: string;
  /** As a person knows it: "GPT-4o (Copilot)". */
  readonly name: string;
}

export async function offeredModels(): Promise<OfferedModel[]> {
  const models = await vscode.lm.selectChatModels();
  return models.map(({ id, name, vendor }) => ({ id, name: `${name} (${vendor})` }));
}

const JUSTIFICATION = 'LM Lab asks it to score the responses of the models that you evaluate.';

/** Asks one of them. The editor asks the user's consent before the first question. */
export async function askLanguageModel(
  { model: id, messages, temperature, seed }: LanguageModelQuestion,
  { signal }: Call = {},
): Promise<Result<string>> {
  const [model] = await vscode.lm.selectChatModels({ id });
  if (!model) return unknown(id);
  const cancel = new vscode.CancellationTokenSource();
  const abort = (): void => cancel.cancel();
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const turns = messages.map(({ role, content }) =>
      role === 'user'
        ? vscode.LanguageModelChatMessage.User(content)
        : vscode.LanguageModelChatMessage.Assistant(content),
    );
    const options = { justification: JUSTIFICATION, modelOptions: { temperature, seed } };
    const response = await model.sendRequest(turns, options, cancel.token);
    let answer = '';
    for await (const piece of response.text) answer += piece;
    return ok(answer);
  } catch (error) {
    if (signal?.aborted) return { ok: false, error: cancelled() };
    return refused(id, error);
  } finally {
    signal?.removeEventListener('abort', abort);
    cancel.dispose();
  }
}

function refused(id: string, error: unknown): Result<never> {
  const message = (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '');
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  if (code === vscode.LanguageModelError.NotFound().code) return unknown(id);
  if (code === vscode.LanguageModelError.NoPermissions().code)
    return err(
      'judge-consent-missing',
      `The editor does not let LM Lab use the language model "${id}": ${message}.`,
      'Allow it when the editor asks, or under “Manage Language Model Access” in the Accounts menu; then go on.',
    );
  if (code === vscode.LanguageModelError.Blocked().code)
    return err(
      'judge-busy',
      `The language model "${id}" takes no more questions: ${message}.`,
      'Go on later: its quota may be used up. The scores so far are kept.',
    );
  return err('judge-failed', `The language model "${id}" failed: ${message}.`, 'Ask another one, or go on later.');
}

const unknown = (id: string): Result<never> =>
  err(
    'judge-model-unknown',
    `The editor has no language model "${id}".`,
    'Install or sign in to an extension that offers language models, or choose another judge.',
  );
