// npm run recipes -- [--only sms-last-block,…] [--missing]: runs the recipes of samples/recipes as they stand, with
// the starter model, and writes samples/recipes/README.md. Recipes that are not run anew, with --missing all that have a
// figure, keep the one in bench/results/recipes.json.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { requestOfText } from '../../src/protocol/run/text.ts';
import { moved, withPaths } from '../../src/protocol/run/paths.ts';
import { ROOT } from '../environment.ts';
import { trainByCommandLine } from '../training.ts';
import { type RecipeFigure, writePage } from './page.ts';
import { RECIPES, type Recipe } from './recipes.ts';

const RESULTS = path.join(ROOT, 'bench', 'results', 'recipes.json');
const FOLDER = path.join(ROOT, 'samples', 'recipes');

const abort = new AbortController();
process.once('SIGINT', () => abort.abort());
const { values } = parseArgs({ options: { only: { type: 'string' }, missing: { type: 'boolean' } } });
const wanted = values.only?.split(',') ?? RECIPES.map(({ file }) => file);
const figures: Record<string, RecipeFigure> = existsSync(RESULTS) ? JSON.parse(await readFile(RESULTS, 'utf8')) : {};
for (const recipe of RECIPES.filter(({ file }) => wanted.includes(file))) {
  if (values.missing && figures[recipe.file]) continue;
  figures[recipe.file] = await tried(recipe);
  await writeFile(RESULTS, `${JSON.stringify(figures, null, 2)}\n`);
}
await writePage(figures);

/** One run of a recipe, as whoever opens it would run it. */
async function tried({ file, figure }: Recipe): Promise<RecipeFigure> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-recipe-'));
  try {
    const source = path.join(FOLDER, `${file}.run.json`);
    const request = withPaths(requestOfText(await readFile(source, 'utf8'), source), one =>
      moved(one, FOLDER, scratch),
    );
    const absolute = withPaths(request, one => path.resolve(scratch, one));
    const { result, metrics } = await trainByCommandLine(
      path.join(ROOT, 'dist', 'cli.js'),
      absolute,
      scratch,
      abort.signal,
    );
    const before = metrics.find(({ step }) => step === 0)?.evalLoss;
    const part = figure === 'loss' ? 'validation' : 'test';
    const value = result.metrics[part]?.[figure];
    if (value === undefined) throw new Error(`${file}: result.json has no ${figure} of the ${part} part.`);
    console.error(`${file}: ${figure} ${value}, ${result.wallSeconds.toFixed(0)} s`);
    const started = figure === 'loss' && before !== undefined ? { before } : {};
    return { figure, value, ...started, steps: result.steps, wallSeconds: Math.round(result.wallSeconds) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
