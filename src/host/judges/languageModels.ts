import * as vscode from 'vscode';
import type { Call } from '../../protocol/engine.ts';
import type { LanguageModelQuestion } from '../../protocol/evaluation/host.ts';
import { cancelled, err, ok, type Result, throwIfAborted } from '../../protocol/result.ts';
import { unlessAborted } from '../../protocol/unlessAborted.ts';

/** A language model that extensions of the editor offer. */
export interface OfferedModel {
  /** `vendor/id`: the same id may be offered by several extensions. */
  readonly id: string;
  /** As a person knows it: "GPT-4o (Copilot)". */
  readonly name: string;
}

export async function offeredModels(): Promise<OfferedModel[]> {
  const models = await vscode.lm.selectChatModels();
  return models.map(({ id, name, vendor }) => ({ id: `${vendor}/${id}`, name: `${name} (${vendor})` }));
}

const JUSTIFICATION = 'LM Lab asks it to score the responses of the models that you evaluate.';

/** Asks one of them. The editor asks the user's consent before the first question. */
export async function askLanguageModel(
  { model: name, messages, temperature, seed }: LanguageModelQuestion,
  { signal }: Call = {},
): Promise<Result<string>> {
  const cancel = new vscode.CancellationTokenSource();
  try {
    const model = await modelNamed(name);
    if (!model) return unknown(name, await offeredModels());
    const turns = messages.map(({ role, content }) =>
      role === 'user'
        ? vscode.LanguageModelChatMessage.User(content)
        : vscode.LanguageModelChatMessage.Assistant(content),
    );
    const options = { justification: JUSTIFICATION, modelOptions: { temperature, seed } };
    throwIfAborted(signal);
    return ok(await unlessAborted(answerOf(model.sendRequest(turns, options, cancel.token)), signal));
  } catch (error) {
    if (!signal?.aborted) return refused(name, error);
    cancel.cancel();
    return { ok: false, error: cancelled() };
  } finally {
    cancel.dispose();
  }
}

/** Its vendor alone is asked which it has: to ask all of them before each question takes a server's time of each. */
async function modelNamed(name: string): Promise<vscode.LanguageModelChat | undefined> {
  const [vendor = '', ...rest] = name.split('/');
  const [model] = await vscode.lm.selectChatModels({ vendor, id: rest.join('/') });
  if (model) return model;
  const [withoutVendor] = await vscode.lm.selectChatModels({ id: name });
  return withoutVendor;
}

async function answerOf(responding: Thenable<vscode.LanguageModelChatResponse>): Promise<string> {
  let answer = '';
  for await (const piece of (await responding).text) answer += piece;
  return answer;
}

function refused(id: string, error: unknown): Result<never> {
  const message = (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, '');
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  if (code === vscode.LanguageModelError.NotFound().code) return unknown(id, []);
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

function unknown(id: string, offered: readonly OfferedModel[]): Result<never> {
  const named = offered.map(model => `"${model.id}"`).join(', ');
  return err(
    'judge-model-unknown',
    `The editor has no language model "${id}"${named && `, but ${named}`}.`,
    'Install or sign in to an extension that offers language models, or choose another judge.',
  );
}
