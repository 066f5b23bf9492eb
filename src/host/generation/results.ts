import type { SettingsForm } from '../../protocol/decodingOptions.ts';
import type { Generated, Generation } from '../../protocol/generation.ts';
import { tokensOf, withDescendants } from '../../protocol/branches.ts';
import type { Branch, BranchState, BranchToken, ColumnResult } from '../../protocol/panels/generations.ts';
import type { Reason } from '../../protocol/result.ts';

/** How many texts a column will have. */
export function textsOf({ decoding, count, returned }: SettingsForm): number {
  if (decoding === 'greedy') return 1;
  return (decoding === 'beam' ? returned : count) ?? 1;
}

/** A column that has been asked, and has nothing yet. */
export function startedResult(prompt: string, model: string, settings: SettingsForm): ColumnResult {
  const branches = Array.from({ length: textsOf(settings) }, (_, id): Branch => newBranch(id, null, 0, []));
  return { prompt, model, settings, device: '', branches, selected: 0, beams: [], progress: null, error: null };
}

/**
 * A result with a branch more, which goes on with another token where its parent has token `at`. What is known of that
 * token is what was said of it as an alternative. Undefined where it is none.
 */
export function branched(result: ColumnResult, parent: number, at: number, id: number): ColumnResult | undefined {
  const instead = tokensOf(result.branches, parent)[at];
  const rank = instead?.top?.findIndex(alternative => alternative.id === id) ?? -1;
  const chosen = instead?.top?.[rank];
  if (!instead || !chosen) return undefined;
  const { text, probability } = chosen;
  const left = { tokens: 1, probability, chance: 1 }; // it was chosen by hand
  const adds = text.includes('\ufffd') ? '' : text; // a part of a character, which what comes next completes
  const token: BranchToken = { ...instead, id, text, adds, probability, rank: rank + 1, left };
  const branch = newBranch(Math.max(...result.branches.map(one => one.id)) + 1, parent, at, [token]);
  return { ...result, branches: [...result.branches, branch], selected: branch.id, error: null };
}

const newBranch = (id: number, parent: number | null, shared: number, tokens: readonly BranchToken[]): Branch => ({
  id,
  parent,
  shared,
  tokens,
  state: 'waiting',
});

/** A branch's settings: those of its column, for one text that is shorter by what it has already. */
export function branchSettings(settings: SettingsForm, tokens: number): SettingsForm {
  const rest = { ...settings, maxNewTokens: Math.max(1, settings.maxNewTokens - tokens) };
  return settings.decoding === 'beam' ? { ...rest, returned: 1 } : { ...rest, count: 1 };
}

export function withoutBranch(result: ColumnResult, id: number): ColumnResult {
  const gone = withDescendants(result.branches, id);
  const parent = result.branches.find(branch => branch.id === id)?.parent ?? null;
  if (parent === null) return result;
  const branches = result.branches.filter(branch => !gone.includes(branch.id));
  return { ...result, branches, selected: gone.includes(result.selected) ? parent : result.selected };
}

/** With the answer in place of what had streamed in. `targets` are the branches of its generations. */
export function answered(
  result: ColumnResult,
  targets: readonly number[],
  device: string,
  { generations, seed, tokensPerSecond }: Generated['columns'][number],
): ColumnResult {
  const branches = result.branches.map(branch => {
    const generation = generations[targets.indexOf(branch.id)];
    if (!generation) return branch;
    const { score, finishReason } = generation;
    const tokens = [...branch.tokens.slice(0, branch.parent === null ? 0 : 1), ...spread(generation)];
    return {
      ...branch,
      tokens,
      state: finishReason,
      tokensPerSecond,
      ...(score !== undefined && { score }),
      ...(seed !== undefined && { seed }),
    };
  });
  return { ...result, branches, device, progress: null };
}

/** As before its branches were begun: what streamed in goes. */
export function restarted(result: ColumnResult, targets: readonly number[]): ColumnResult {
  const branches = result.branches.map(branch =>
    targets.includes(branch.id)
      ? { ...branch, state: 'waiting' as const, tokens: branch.tokens.slice(0, branch.parent === null ? 0 : 1) }
      : branch,
  );
  return { ...result, branches, beams: [] };
}

/** Ends what is under way among some branches. */
export function ended(
  result: ColumnResult,
  targets: readonly number[],
  state: BranchState,
  error: Reason | null = null,
): ColumnResult {
  const branches = result.branches.map(branch =>
    targets.includes(branch.id) && (branch.state === 'waiting' || branch.state === 'running')
      ? { ...branch, state }
      : branch,
  );
  return { ...result, branches, progress: null, error: error ?? result.error };
}

/** Tokens with what each adds to the text: a character in parts goes to its first one, what was cut to none. */
export function spread({ text, tokens }: Pick<Generation, 'text' | 'tokens'>): BranchToken[] {
  let end = 0;
  let inParts = false;
  const starts = tokens.map(token => {
    const found = token.text.includes('\ufffd') ? -1 : text.indexOf(token.text, end);
    const start = found >= 0 ? found : inParts ? null : end;
    inParts = found < 0;
    if (found >= 0) end = found + token.text.length;
    return start;
  });
  const startFrom = (at: number): number => starts.slice(at).find(start => start !== null) ?? text.length;
  return tokens.map((token, i) => ({ ...token, adds: text.slice(startFrom(i), startFrom(i + 1)) }));
}
