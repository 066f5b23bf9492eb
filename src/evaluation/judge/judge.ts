import type { Environment } from '../../models/home.ts';
import { Transient } from '../../models/hub/retry.ts';
import type { ChatTurn, HostApi } from '../../protocol/evaluation/host.ts';
import { judgeAddress } from '../../protocol/evaluation/judge.ts';
import type { JudgeName } from '../../protocol/evaluation/request.ts';
import { cancelled, Reasoned, valueOf } from '../../protocol/result.ts';
import { tooSlow } from './refusals.ts';
import { PROTOCOLS, serverJudge } from './server.ts';

/** How a judge is to answer. */
export interface JudgeSettings {
  readonly temperature: number;
  readonly seed: number;
  /** For one question. */
  readonly timeoutSeconds: number;
}

/** Another model, which is asked. */
export interface Judge {
  /** What it answers. Throws `Transient` for what may pass, a Reasoned for what does not. */
  ask(messages: readonly ChatTurn[], signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** Where keys and the editor's models come from. */
export interface JudgeAccess {
  readonly environment: Environment;
  /** Absent behind the command line. */
  readonly host?: HostApi | undefined;
}

const OLLAMA_ADDRESS = 'http://127.0.0.1:11434';

/** Throws `judge-address-invalid`, `judge-key-missing`, `judge-without-editor`. */
export async function openJudge(name: JudgeName, settings: JudgeSettings, access: JudgeAccess): Promise<Judge> {
  if (name.kind === 'vscode') return editorJudge(name.model, settings, access);
  const address = addressOf(name, access.environment);
  return serverJudge(
    PROTOCOLS[name.kind],
    {
      address,
      model: name.model,
      key: await keyOf(name, address, access),
      keyVariable: name.keyVariable,
      environment: access.environment,
    },
    settings,
  );
}

/** Throws `judge-address-invalid`. */
export function addressOf({ kind, address }: JudgeName, environment: Environment): string {
  const given = address || (kind === 'ollama' ? (ollamaHost(environment) ?? OLLAMA_ADDRESS) : '');
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return judgeAddress(given);
  throw new Reasoned(
    'judge-address-invalid',
    given === '' ? 'The judge has no address.' : `The judge’s address "${given}" is no http or https address.`,
    'Give the server’s address, such as http://127.0.0.1:8000.',
  );
}

/** As Ollama's own programs take it: with or without a scheme and a port. */
function ollamaHost({ OLLAMA_HOST: host }: Environment): string | undefined {
  if (!host) return undefined;
  const whole = /^https?:\/\//.test(host) ? host : `http://${host}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.port === '' && !/:\d+\/?$/.test(host) && url.protocol === 'http:') url.port = '11434';
  return url.href;
}

/** The one of the environment variable, else the one that the editor keeps. It is sent to the address and goes nowhere else. */
async function keyOf({ keyVariable }: JudgeName, address: string, access: JudgeAccess): Promise<string | undefined> {
  if (!keyVariable) return (access.host && (await valueOf(access.host.judgeKey({ address })))) ?? undefined;
  const key = access.environment[keyVariable]?.trim();
  if (key && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new Reasoned(
    'judge-key-missing',
    key
      ? `The environment variable ${keyVariable} holds characters that no key has.`
      : `The environment variable ${keyVariable}, which should hold the judge’s key, is not set.`,
    'Set it, then start again (the editor too: it reads its environment when it starts).',
  );
}

function editorJudge(model: string, settings: JudgeSettings, { host }: JudgeAccess): Judge {
  if (!host)
    throw new Reasoned(
      'judge-without-editor',
      `The judge "vscode:${model}" is a language model of the editor’s, and there is no editor here.`,
      'Use ollama:NAME or openai:NAME, or start the evaluation in the editor.',
    );
  const { temperature, seed, timeoutSeconds } = settings;
  return {
    async ask(messages, signal) {
      const timeout = AbortSignal.timeout(1000 * timeoutSeconds);
      const question = { model, messages, temperature, seed };
      const answer = await host.askLanguageModel(question, { signal: AbortSignal.any([timeout, signal]) });
      if (signal.aborted) throw cancelled();
      if (timeout.aborted) throw new Transient(tooSlow(`vscode:${model}`, timeoutSeconds));
      if (answer.ok) return answer.value;
      const reason = Reasoned.from(answer.error);
      throw reason.code === 'judge-failed' ? new Transient(reason) : reason;
    },
    close: async () => undefined,
  };
}
