import { Reasoned } from '../../protocol/result.ts';

/** A model on the hub: `owner/name[@revision][:subfolder]`. */
export interface HubName {
  /** `owner/name` */
  readonly repo: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** With `/` between its parts; empty for the repository's root. */
  readonly subfolder: string;
}

export const DEFAULT_REVISION = 'main';

/** The published GPT-2 family by the names that everybody uses. */
const CANONICAL: Readonly<Record<string, string>> = {
  gpt2: 'openai-community/gpt2',
  'gpt2-medium': 'openai-community/gpt2-medium',
  'gpt2-large': 'openai-community/gpt2-large',
  'gpt2-xl': 'openai-community/gpt2-xl',
  distilgpt2: 'distilbert/distilgpt2',
};

/** The hub's rule for one part of a repository's name, as huggingface_hub checks it (_validators.py). */
const NAME_PART = /^(?!.*(--|\.\.))[A-Za-z0-9_](?:[\w.-]{0,94}[A-Za-z0-9_])?$/;

/** @throws Reasoned `hub-name-invalid` */
export function parseHubName(text: string): HubName {
  const [, name, revision = DEFAULT_REVISION, subfolder = ''] = /^([^@:]+)(?:@([^:]+))?(?::(.+))?$/.exec(text) ?? [];
  const repo = isCanonicalName(name ?? '') ? CANONICAL[name as string] : name;
  const parts = repo?.split('/') ?? [];
  const valid = parts.length === 2 && parts.every(part => NAME_PART.test(part)) && !repo?.endsWith('.git');
  if (repo === undefined || !valid || !isRevision(revision) || (subfolder !== '' && !isInsidePath(subfolder)))
    throw new Reasoned(
      'hub-name-invalid',
      `"${text}" is not the name of a model on the hub.`,
      'Write owner/name, owner/name@revision or owner/name@revision:subfolder. A folder starts with ., / or ~.',
    );
  return { repo, revision, subfolder };
}

export const formatHubName = ({ repo, revision, subfolder }: HubName): string =>
  repo + (revision === DEFAULT_REVISION ? '' : `@${revision}`) + (subfolder === '' ? '' : `:${subfolder}`);

/** `gpt2`, `distilgpt2@revision`, …: names without an owner that the hub knows. */
export const isCanonicalName = (text: string): boolean => Object.hasOwn(CANONICAL, text.replace(/[@:].*$/, ''));

const isRevision = (revision: string): boolean => isInsidePath(revision) && /^[\w./-]+$/.test(revision);

export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

/** Whether a path with `/` between its parts stays inside the folder that it is joined to, on every system. */
export const isInsidePath = (path: string): boolean =>
  !/[\\:\p{Cc}]/u.test(path) && path.split('/').every(part => part !== '' && part !== '.' && part !== '..');
