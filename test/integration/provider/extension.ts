import * as vscode from 'vscode';

/** A question as the extension that offers the model is given it. */
export interface Asked {
  readonly vendor: string;
  readonly messages: ReadonlyArray<{ readonly role: vscode.LanguageModelChatMessageRole; readonly text: string }>;
  readonly modelOptions: Readonly<Record<string, unknown>>;
  readonly token: vscode.CancellationToken;
}

/** What a test has of the models: what they were asked, and what they answer, piece by piece. */
export interface Judges {
  readonly asked: Asked[];
  answer(asked: Asked): Promise<readonly string[]>;
}

/** The part of VS Code 1.104 that offers models, which the types of the oldest version that LM Lab runs in lack. */
interface ChatProviders {
  registerLanguageModelChatProvider?(vendor: string, provider: object): vscode.Disposable;
}

interface RequestMessage {
  readonly role: vscode.LanguageModelChatMessageRole;
  readonly content: readonly unknown[];
}

/** Both offer a model "judge"; of the guarded one the editor asks for consent. Undefined in an editor before 1.104. */
export function activate({ subscriptions }: vscode.ExtensionContext): Judges | undefined {
  const { registerLanguageModelChatProvider: register } = vscode.lm as ChatProviders;
  if (!register) return undefined;
  const judges: Judges = { asked: [], answer: async () => ['50'] };
  for (const [vendor, requiresAuthorization] of [
    ['lm-lab-test', false],
    ['lm-lab-test-guarded', true],
  ] as const) {
    subscriptions.push(register(vendor, provider(vendor, requiresAuthorization, judges)));
  }
  return judges;
}

function provider(vendor: string, requiresAuthorization: boolean, judges: Judges): object {
  const limits = { maxInputTokens: 4096, maxOutputTokens: 256, capabilities: {} };
  return {
    provideLanguageModelChatInformation: async () => [
      {
        id: 'judge',
        name: 'Judge',
        family: 'judge',
        version: '1',
        ...limits,
        ...(requiresAuthorization && { requiresAuthorization }),
      },
    ],
    provideTokenCount: async () => 1,
    async provideLanguageModelChatResponse(
      _model: unknown,
      messages: readonly RequestMessage[],
      { modelOptions }: Pick<Asked, 'modelOptions'>,
      progress: vscode.Progress<vscode.LanguageModelTextPart>,
      token: vscode.CancellationToken,
    ): Promise<void> {
      const asked = { vendor, messages: messages.map(textOf), modelOptions, token };
      judges.asked.push(asked);
      for (const piece of await judges.answer(asked)) progress.report(new vscode.LanguageModelTextPart(piece));
    },
  };
}

const textOf = ({ role, content }: RequestMessage): Asked['messages'][number] => ({
  role,
  text: content.map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join(''),
});
