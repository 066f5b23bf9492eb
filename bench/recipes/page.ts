import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../environment.ts';
import { RECIPES, type Recipe, SOURCES } from './recipes.ts';

/** What a recipe gave with the starter model. bench/results/recipes.json holds all of them. */
export interface RecipeFigure {
  readonly figure: Recipe['figure'];
  readonly value: number;
  /** A loss, before the first step. */
  readonly before?: number;
  readonly steps: number;
  readonly wallSeconds: number;
}

const PAGE = path.join(ROOT, 'samples', 'recipes', 'README.md');
const [BEGIN, END] = ['<!-- figures: made by npm run recipes -- -->', '<!-- end of figures -->'];

/** Puts the table of figures between its marks in samples/recipes/README.md. */
export async function writePage(figures: Readonly<Record<string, RecipeFigure>>): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (after === undefined) throw new Error(`${PAGE} has no place for the figures.`);
  await writeFile(PAGE, `${before}${BEGIN}\n\n${table(figures)}\n\n${sources()}\n\n${END}${after}`);
}

function table(figures: Readonly<Record<string, RecipeFigure>>): string {
  const rows = RECIPES.map(recipe => {
    const { file, what, published } = recipe;
    const own = figures[file];
    const theirs = published ? `${published.figure} (${published.source})` : '–';
    return `| [${file}](${file}.run.json) | ${what} | ${theirs} | ${own ? said(own) : '–'} | ${own ? `${own.wallSeconds} s` : '–'} |`;
  });
  return [
    '| recipe | experiment | published, with GPT-2 | starter, as it stands | time |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function said({ figure, value, before }: RecipeFigure): string {
  if (figure === 'accuracy') return `${percent(value)} on test`;
  if (figure === 'rewardsAccuracy') return `${percent(value)} of the test pairs`;
  if (figure === 'scoreMean') return `score ${value.toFixed(2)} on test`;
  return `validation loss ${before === undefined ? '' : `${before.toFixed(2)} → `}${value.toFixed(2)}`;
}

const sources = (): string =>
  Object.entries(SOURCES)
    .map(([name, text]) => `- *${name}*: ${text}`)
    .join('\n');

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
