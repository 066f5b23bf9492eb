import { textOf, tokensOf } from '../../protocol/branches.ts';
import type { BranchToken, ColumnResult, GenerationColumn } from '../../protocol/panels/generations.ts';
import { csvOf, type Rows, tsvOf } from './tables.ts';

/** One row a token. The names are those of the command line's JSON; the entropy is in bits. */
const COLUMNS: Record<string, (token: BranchToken) => string | number> = {
  id: token => token.id,
  token: token => token.text,
  probability: token => token.probability,
  rank: token => token.rank,
  entropy: token => token.entropy,
  tokensLeft: token => token.left.tokens,
  probabilityLeft: token => token.left.probability,
};

/** A column and what it made. */
export interface ExportedColumn {
  readonly column: GenerationColumn;
  readonly result: ColumnResult;
}

/** The tokens of the branch that is read, for a spreadsheet's paste. */
export const generatedTsv = ({ result }: ExportedColumn): string =>
  tsvOf([['position', ...Object.keys(COLUMNS)], ...tokenRows(tokensOf(result.branches, result.selected))]);

/** The tokens of the branches that are read, one column after another. */
export function generatedCsv(exported: readonly ExportedColumn[]): string {
  const rows = exported.flatMap(({ column, result }) =>
    tokenRows(tokensOf(result.branches, result.selected)).map(row => [column.name, ...row]),
  );
  return csvOf([['column', 'position', ...Object.keys(COLUMNS)], ...rows]);
}

/** All columns with all their branches, each with its whole text. */
export function generatedJson(exported: readonly ExportedColumn[]): string {
  const columns = exported.map(({ column, result }) => ({
    name: column.name,
    model: result.model,
    device: result.device,
    prompt: result.prompt,
    settings: result.settings,
    generations: result.branches.map(({ id, parent, shared, state, score, seed, tokensPerSecond }) => {
      const tokens = tokensOf(result.branches, id);
      const logProbability = tokens.reduce((sum, token) => sum + Math.log(token.probability), 0);
      const text = textOf(tokens);
      const branch = parent === null ? {} : { parent, sharedTokens: shared };
      const written = tokens.map(token => ({ ...token, adds: undefined })); // JSON leaves out what is undefined
      return {
        id,
        ...branch,
        text,
        finishReason: state,
        logProbability,
        score,
        seed,
        tokensPerSecond,
        tokens: written,
      };
    }),
  }));
  return `${JSON.stringify({ columns }, null, 2)}\n`;
}

const tokenRows = (tokens: readonly BranchToken[]): Rows =>
  tokens.map((token, i) => [i + 1, ...Object.values(COLUMNS).map(value => value(token))]);
