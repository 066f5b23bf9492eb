import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Reasoned } from '../../protocol/result.ts';
import { fileError, systemCode } from '../files.ts';
import { type Environment, expandHome } from '../home.ts';

const PUBLIC_HUB = 'https://huggingface.co';

/** Where huggingface_hub keeps its cache and token (its constants.py). */
export function huggingFaceHome(environment: Environment): string {
  const caches = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return expandHome(environment['HF_HOME'] || join(caches, 'huggingface'));
}

/** @throws Reasoned `hub-endpoint-invalid` */
export function hubEndpoint(given: string | undefined, environment: Environment): string {
  const endpoint = (given || environment['HF_ENDPOINT'] || PUBLIC_HUB).replace(/\/+$/, '');
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new Reasoned(
      'hub-endpoint-invalid',
      `The hub's address "${endpoint}" is not an http or https address.`,
      'Set HF_ENDPOINT to an address such as https://huggingface.co, or unset it.',
    );
  return endpoint;
}

/**
 * The token for the hub: the one given, HF_TOKEN, or the file that `hf auth login` wrote; undefined where there is none.
 * @throws Reasoned `hub-token-invalid` for a token that can't stand in a header.
 */
export async function hubToken(given: string | undefined, environment: Environment): Promise<string | undefined> {
  const token = (given || environment['HF_TOKEN'] || (await tokenFile(environment))).trim();
  if (/[^\x21-\x7e]/.test(token))
    throw new Reasoned(
      'hub-token-invalid',
      'The token for the hub holds characters that no token has.',
      'Copy it again from the hub (Settings, Access Tokens): it starts with hf_.',
    );
  return token === '' ? undefined : token;
}

async function tokenFile(environment: Environment): Promise<string> {
  const file = expandHome(environment['HF_TOKEN_PATH'] || join(huggingFaceHome(environment), 'token'));
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return '';
    throw fileError(error, file);
  }
}
