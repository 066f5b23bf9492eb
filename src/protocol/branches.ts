import type { Branch, BranchToken, ColumnResult, GenerationStream } from './panels/generations.ts';

/** All tokens of the text that a branch reads: what it shares with the branches it left, and its own. */
export function tokensOf(branches: readonly Branch[], id: number): readonly BranchToken[] {
  const branch = branches.find(one => one.id === id);
  if (!branch) return [];
  if (branch.parent === null) return branch.tokens;
  return [...tokensOf(branches, branch.parent).slice(0, branch.shared), ...branch.tokens];
}

/** The text itself. */
export const textOf = (tokens: readonly BranchToken[]): string => tokens.map(({ adds }) => adds).join('');

export const isUnderWay = ({ branches }: ColumnResult): boolean =>
  branches.some(({ state }) => state === 'waiting' || state === 'running');

/** A result with what streamed in since. */
export function streamed(result: ColumnResult, { tokens, beams, states, progress }: GenerationStream): ColumnResult {
  const branches = result.branches.map(branch => {
    const came = tokens.find(one => one.branch === branch.id)?.tokens;
    const state = states.find(one => one.branch === branch.id)?.state ?? branch.state;
    return came || state !== branch.state ? { ...branch, state, tokens: [...branch.tokens, ...(came ?? [])] } : branch;
  });
  return { ...result, branches, beams: beams.length > 0 ? [...result.beams, ...beams] : result.beams, progress };
}

/** The branches that go when one is removed: itself, and all that left it. */
export function withDescendants(branches: readonly Branch[], id: number): readonly number[] {
  const children = branches.filter(({ parent }) => parent === id);
  return [id, ...children.flatMap(child => withDescendants(branches, child.id))];
}
