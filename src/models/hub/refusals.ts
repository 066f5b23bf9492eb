import { Reasoned } from '../../protocol/result.ts';

/** What was asked of the hub, for messages. */
export interface Asked {
  readonly repo: string;
  readonly revision: string;
  /** Absent when the repository's listing was asked for. */
  readonly file?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

/**
 * An answer that is an error, in words. The hub tells causes apart by X-Error-Code, and answers 401 rather than 404 to
 * somebody unknown who asks for a repository that is private or not there.
 * https://github.com/huggingface/huggingface_hub, utils/_http.py, hf_raise_for_status
 */
export function refusal(
  { status, headers }: Answer,
  asked: Asked,
  hub: { endpoint: string; hasToken: boolean },
): Reasoned {
  const { repo } = asked;
  const code = headers.get('x-error-code');
  if (code === 'GatedRepo')
    return new Reasoned(
      'hub-gated',
      `"${repo}" is gated: its owner decides who may download it (HTTP ${status}).`,
      `Ask for access at ${hub.endpoint}/${repo}, then use a token that may read gated repositories.`,
    );
  if (status === 401) return unauthorized(repo, hub.hasToken);
  if (status === 403)
    return new Reasoned(
      'hub-forbidden',
      `The hub does not let this token download "${repo}" (HTTP 403).`,
      'Use a token with read access to this repository.',
    );
  if (status === 404) return missing(code, asked);
  if (status === 429)
    return new Reasoned(
      'hub-rate-limited',
      'The hub asks for a pause: too many requests came from here (HTTP 429).',
      'Try again in some minutes. What was downloaded is kept. A token raises the limit.',
    );
  const detail = headers.get('x-error-message');
  return new Reasoned(
    'hub-failed',
    `The hub answered HTTP ${status} to the request for ${asked.file ?? 'the files'} of "${repo}"${detail ? `: ${detail}` : ''}.`,
    'Try again later. What was downloaded is kept.',
  );
}

function unauthorized(repo: string, hasToken: boolean): Reasoned {
  return hasToken
    ? new Reasoned(
        'hub-unauthorized',
        `The hub does not accept the token for "${repo}" (HTTP 401).`,
        'Make a new token at the hub (Settings, Access Tokens) and use that; check the name of the model.',
      )
    : new Reasoned(
        'hub-unauthorized',
        `"${repo}" is not on the hub, or is private (HTTP 401).`,
        'Check the name. For a private model, set HF_TOKEN or enter a token.',
      );
}

function missing(code: string | null, { repo, revision, file }: Asked): Reasoned {
  if (code === 'RevisionNotFound')
    return new Reasoned(
      'hub-revision-missing',
      `"${repo}" has no revision "${revision}".`,
      'Check the branch, tag or commit after @, or leave it out for the main branch.',
    );
  if (file !== undefined)
    return new Reasoned(
      'hub-file-missing',
      `"${repo}" has no file "${file}" in revision "${revision}".`,
      'The repository may just have changed: try again.',
    );
  return new Reasoned(
    'hub-repo-missing',
    `"${repo}" is not on the hub.`,
    'Check owner and name; the address of its page ends with both.',
  );
}

export const unreachable = (endpoint: string, cause: unknown): Reasoned =>
  new Reasoned(
    'hub-unreachable',
    `The hub at ${endpoint} could not be reached: ${causeOf(cause)}.`,
    'Check the connection, and HTTPS_PROXY where there is a proxy. What was downloaded is kept.',
    { cause },
  );

/** fetch only says "fetch failed"; why is in its cause. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? causeOf(error.cause) : error.message || error.name;
}
