import type { Branch } from '../../src/protocol/panels/generations.ts';

/** A line of the tree of branches. */
export interface BranchRow {
  readonly branch: Branch;
  /** 1 for samples and beams. */
  readonly level: number;
  /** For each level before its own, whether a sibling of that ancestor follows below. */
  readonly guides: readonly boolean[];
  readonly isLast: boolean;
}

/** Branches under those that they left, in the order in which they were taken. */
export function branchRows(
  branches: readonly Branch[],
  parent: number | null = null,
  guides: readonly boolean[] = [],
): BranchRow[] {
  const children = branches.filter(branch => branch.parent === parent);
  return children.flatMap((branch, i) => {
    const isLast = i === children.length - 1;
    return [
      { branch, level: guides.length + 1, guides, isLast },
      ...branchRows(branches, branch.id, [...guides, !isLast]),
    ];
  });
}

/** Indices of the tokens of a branch's text that were chosen by hand. */
export function branchingPoints(branches: readonly Branch[], id: number): number[] {
  const branch = branches.find(one => one.id === id);
  if (!branch || branch.parent === null) return [];
  return [...branchingPoints(branches, branch.parent).filter(at => at < branch.shared), branch.shared];
}
