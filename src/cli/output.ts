/** What a command found: a JSON document, and the same for a person. */
export interface Output {
  readonly json: unknown;
  readonly text: () => string;
}

export const print = ({ json, text }: Output, options: { readonly json?: boolean }): Promise<void> =>
  writeStandardOutput(options.json ? JSON.stringify(json) : text());

/** Resolves when the reader has everything. A reader that leaves early, as `head` does, has what it wanted. */
export function writeStandardOutput(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    };
    process.stdout.once('error', settle);
    process.stdout.write(`${text}\n`, settle);
  });
}

type Align = 'left' | 'right';

/**
 * Rows under their headings; the last column is not padded, so it is the place for text of unknown width.
 * `align` is one for each column.
 */
export function table(
  headings: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  align: readonly Align[],
): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  const cell = (text: string, column: number): string => {
    if (align[column] === 'right') return text.padStart(widths[column] ?? 0);
    return column === headings.length - 1 ? text : text.padEnd(widths[column] ?? 0);
  };
  return lines.map(line => line.map(cell).join('  ').trimEnd()).join('\n');
}

export const percent = (probability: number): string => `${(probability * 100).toPrecision(3)} %`;
export const figure = (value: number | null, digits = 2): string => (value === null ? '–' : value.toFixed(digits));

/** `1 row`, `3 rows`; the plural takes an s. */
export const counted = (value: number, noun: string): string => `${value} ${noun}${value === 1 ? '' : 's'}`;
