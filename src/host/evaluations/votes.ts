import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ComparedRow, EVALUATION_FILES, type VoteLine } from '../../protocol/evaluation/folder.ts';
import { lastVotes } from '../../protocol/evaluation/votes.ts';
import { parsedLines } from '../../protocol/run/growingFile.ts';

/** The votes of an evaluation; of several on a row and the same models the last. */
export async function readVotes(folder: string): Promise<VoteLine[]> {
  const text = await readFile(join(folder, EVALUATION_FILES.votes), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return lastVotes(parsedLines<VoteLine>(text.split('\n')));
}

export async function addVote(folder: string, { row, between, better }: Omit<VoteLine, 'worse' | 'at'>): Promise<void> {
  const worse = better === null ? null : (between.find(model => model !== better) ?? null);
  const vote: VoteLine = { row, between, better, worse, at: new Date().toISOString() };
  await appendFile(join(folder, EVALUATION_FILES.votes), `${JSON.stringify(vote)}\n`);
}

/** Rows for preference training: what was voted better and worse for a prompt. Ties prefer nothing. */
export function preferencesOf(
  rows: readonly ComparedRow[],
  votes: readonly VoteLine[],
): Array<{ readonly prompt: string; readonly chosen: string; readonly rejected: string }> {
  const byNumber = new Map(rows.map(row => [row.row, row]));
  return votes.flatMap(({ row, better, worse }) => {
    const compared = byNumber.get(row);
    const response = (model: string | null): string | undefined =>
      compared?.models.find(one => one.model === model)?.response;
    const [chosen, rejected] = [response(better), response(worse)];
    if (!compared || chosen === undefined || rejected === undefined) return [];
    return [{ prompt: compared.prompt, chosen, rejected }];
  });
}
