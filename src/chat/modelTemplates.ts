import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Reasoned } from '../protocol/result.ts';

/** What the files beside a model's tokenizer say about chats. */
export interface ModelChat {
  /** Jinja texts by name; `default` is the one that is used unless another is asked for. Empty for a base model. */
  readonly templates: ReadonlyMap<string, string>;
  /** `bos_token`, `eos_token` and the like, which templates may use as variables. */
  readonly specialTokens: Readonly<Record<string, string>>;
}

/**
 * Reads tokenizer_config.json, special_tokens_map.json, chat_template.jinja and additional_chat_templates/, the later
 * before the earlier, as transformers' PreTrainedTokenizerBase does. `endOfText` stands for the tokens that none of
 * them names, as in GPT2Tokenizer. Throws `tokenizer-config-unreadable`.
 */
export async function readModelChat(folder: string, endOfText: string | undefined): Promise<ModelChat> {
  const config = await readObject(folder, 'tokenizer_config.json');
  const tokens = { ...(await readObject(folder, 'special_tokens_map.json')), ...config };
  return {
    templates: new Map([...configuredTemplates(config['chat_template']), ...(await templateFiles(folder))]),
    specialTokens: specialTokens(tokens, endOfText),
  };
}

type Json = Readonly<Record<string, unknown>>;

/** One text, or a list of named ones. */
function configuredTemplates(value: unknown): Array<[string, string]> {
  if (typeof value === 'string') return [['default', value]];
  if (!Array.isArray(value)) return [];
  return value.flatMap((item): Array<[string, string]> => {
    const { name, template } = Object(item) as Json;
    return typeof name === 'string' && typeof template === 'string' ? [[name, template]] : [];
  });
}

async function templateFiles(folder: string): Promise<Array<[string, string]>> {
  const additional = join(folder, 'additional_chat_templates');
  const names = (await absentAs([], readdir(additional))).filter(name => name.endsWith('.jinja'));
  const named = names.map(
    async (name): Promise<[string, string]> => [
      basename(name, '.jinja'),
      await readFile(join(additional, name), 'utf8'),
    ],
  );
  const own = await absentAs(undefined, readFile(join(folder, 'chat_template.jinja'), 'utf8'));
  return [...(own === undefined ? [] : [['default', own] as [string, string]]), ...(await Promise.all(named))];
}

/** A token is a text or, with its flags, an object with the text as `content`. */
function specialTokens(tokens: Json, endOfText: string | undefined): Record<string, string> {
  const defaults = endOfText === undefined ? {} : { bos_token: endOfText, eos_token: endOfText, unk_token: endOfText };
  const named: Record<string, string> = { ...defaults };
  for (const [name, value] of Object.entries(tokens)) {
    if (!/^[a-z]+_token$/.test(name)) continue;
    const content = typeof value === 'object' && value !== null ? (value as Json)['content'] : value;
    if (typeof content === 'string') named[name] = content;
    else if (value === null) delete named[name];
  }
  return named;
}

async function readObject(folder: string, name: string): Promise<Json> {
  const text = await absentAs('{}', readFile(join(folder, name), 'utf8'));
  try {
    return Object(JSON.parse(text)) as Json;
  } catch (cause) {
    throw new Reasoned(
      'tokenizer-config-unreadable',
      `${join(folder, name)} is not valid JSON: ${(cause as Error).message}.`,
      'Get the file again from where the model came from.',
      { cause },
    );
  }
}

async function absentAs<T, D>(otherwise: D, read: Promise<T>): Promise<T | D> {
  try {
    return await read;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
    throw cause;
  }
}
