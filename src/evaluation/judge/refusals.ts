import { Reasoned } from '../../protocol/result.ts';

/** Who is asked, for messages. */
export interface Asked {
  readonly address: string;
  readonly model: string;
  readonly hasKey: boolean;
  readonly keyVariable?: string | undefined;
}

/** What a server answered that is an error. */
export interface ServerError {
  readonly status: number;
  /** What it says itself; empty where it says nothing. */
  readonly said: string;
}

/** These hold for every question: asking on is of no use. Everything else is a matter of one question. */
const FOR_ALL = [
  'judge-unreachable',
  'judge-unauthorized',
  'judge-model-unknown',
  'judge-busy',
  'judge-address-invalid',
  'judge-without-editor',
  'judge-consent-missing',
];

export const holdsForAll = ({ code }: { readonly code: string }): boolean => FOR_ALL.includes(code);

/** An answer that is an error, in words. */
export function refusal({ status, said }: ServerError, { address, model, hasKey, keyVariable }: Asked): Reasoned {
  const told = said === '' ? '' : `: ${said.replace(/[.\s]+$/, '')}`;
  if (status === 401 || status === 403) {
    const where = keyVariable ? `the environment variable ${keyVariable}` : 'an environment variable, and name it';
    return new Reasoned(
      'judge-unauthorized',
      hasKey
        ? `The judge at ${address} does not accept the key (HTTP ${status}${told}).`
        : `The judge at ${address} asks for a key (HTTP ${status}${told}).`,
      hasKey ? 'Check the key, and whether it may use this model.' : `Put the key into ${where}, then go on.`,
    );
  }
  if (status === 404)
    return new Reasoned(
      'judge-model-unknown',
      `The judge at ${address} does not know the model "${model}" (HTTP 404${told}).`,
      'Check the model’s name, and that the server has it (Ollama: “ollama pull NAME”).',
    );
  if (status === 429)
    return new Reasoned(
      'judge-busy',
      `The judge at ${address} asks for a pause (HTTP 429${told}).`,
      'Go on later, or ask fewer questions at once. The scores so far are kept.',
    );
  return new Reasoned(
    'judge-failed',
    `The judge at ${address} answered HTTP ${status}${told}.`,
    'See what the server’s own log says.',
  );
}

export const unreachable = (address: string, error: unknown): Reasoned =>
  new Reasoned(
    'judge-unreachable',
    `The judge at ${address} can't be reached${causeOf(error)}.`,
    'Start the server (Ollama: “ollama serve”), or correct its address.',
    { cause: error },
  );

export const cutOff = (address: string, error: unknown): Reasoned =>
  new Reasoned(
    'judge-cut-off',
    `The judge at ${address} ended its answer halfway${causeOf(error)}.`,
    'See what the server’s own log says.',
    { cause: error },
  );

export const tooSlow = (address: string, seconds: number): Reasoned =>
  new Reasoned(
    'judge-slow',
    `The judge at ${address} did not answer within ${seconds} s.`,
    'Allow more time for a question, ask fewer at once, or use a smaller model.',
  );

export const notAnAnswer = (address: string, protocol: string, said: string): Reasoned =>
  new Reasoned(
    'judge-nonsense',
    `What came from ${address} is not an answer as ${protocol} gives it: ${said.slice(0, 200) || 'nothing'}`,
    'Check the address, and which protocol the server speaks.',
  );

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? ` (${code})` : '';
}
