import type { Call } from '../protocol/engine.ts';
import { CANCELLED, Reasoned } from '../protocol/result.ts';
import type { DatasetStep } from '../protocol/run/spec.ts';
import { type Aliases, columnVariables, type CompileTemplate, missingName, type Variables } from './jinja.ts';
import { shuffled } from './shuffle.ts';
import { cellText, isMissing } from './table.ts';
import type { View } from './view.ts';

export interface StepOptions extends Pick<Call, 'signal' | 'onProgress'> {
  readonly compile: CompileTemplate;
  /** What a template must be given. */
  readonly neededNames: (text: string) => Iterable<string>;
  /** Of `balance`: the split's. */
  readonly seed: number;
  readonly aliases: Aliases;
}

/** What is left after a step. */
export interface StepCount {
  readonly step: string;
  readonly rows: number;
}

/**
 * Applies the steps in order; a count follows each. Throws `step-invalid`, which names the step, `column-missing`,
 * `step-leaves-nothing`, and the reasons of templates.
 */
export async function applySteps(
  view: View,
  steps: readonly DatasetStep[],
  options: StepOptions,
): Promise<{ readonly view: View; readonly counts: readonly StepCount[] }> {
  const counts: StepCount[] = [];
  let current = view;
  for (const [index, step] of steps.entries()) {
    const before = current.count;
    current = await named(index, current, () => applyStep(current, step, options));
    counts.push({ step: describeStep(step), rows: current.count });
    if (current.count === 0 && before > 0) throw leavesNothing(index, step, before);
  }
  return { view: current, counts };
}

/** The steps that hold for every file of a split: which rows there are is chosen in the training file alone. */
export const stepsOfEveryFile = (steps: readonly DatasetStep[]): DatasetStep[] =>
  steps.filter(step => 'filter' in step || 'derive' in step);

export function describeStep(step: DatasetStep): string {
  if ('filter' in step) return `filter ${step.filter}`;
  if ('derive' in step) return `derive ${Object.keys(step.derive).join(', ')}`;
  return 'balance' in step ? `balance ${step.balance}` : `take ${step.take}`;
}

async function applyStep(view: View, step: DatasetStep, options: StepOptions): Promise<View> {
  if ('filter' in step) return filter(view, step.filter, options);
  if ('derive' in step) return derive(view, step.derive, options);
  if ('balance' in step) return balance(view, step.balance, options);
  if (!Number.isInteger(step.take) || step.take < 1)
    throw invalid(`"take" is ${JSON.stringify(step.take)}`, 'Give a whole number, 1 or more.');
  return view.keep(Uint32Array.from({ length: Math.min(step.take, view.count) }, (_, row) => row));
}

const IF = '{% if ';

async function filter(view: View, condition: string, options: StepOptions): Promise<View> {
  const bare = /^\s*\{\{(.*)\}\}\s*$/s.exec(condition)?.[1] ?? condition;
  const template = options.compile(`${IF}${bare} %}1{% endif %}`);
  const variables = requiredVariables(view, `{{ ${bare} }}`, 'the condition', options);
  const kept: number[] = [];
  for await (const rows of view.batches(options.signal)) {
    for (const { row, cells } of rows) if (rendering(row, template, variables(cells)) === '1') kept.push(row);
    tell(options, 'Filtering rows', rows.at(-1)?.row, view.count);
  }
  return view.keep(Uint32Array.from(kept));
}

function derive(view: View, columns: Readonly<Record<string, string>>, options: StepOptions): View {
  let current = view;
  for (const [name, text] of Object.entries(columns)) {
    const template = options.compile(text);
    const variables = requiredVariables(current, text, `the template of "${name}"`, options);
    const at = current.columns.indexOf(name);
    const names = at === -1 ? [...current.columns, name] : current.columns;
    const width = current.columns.length;
    current = current.withDerived(names, cells => {
      const value = template(variables(cells));
      const all = Array.from({ length: width }, (_, index) => cells[index] ?? null);
      return at === -1 ? [...all, value] : all.with(at, value);
    });
  }
  if (current.count > 0) current.readBatch(0, 1); // a template that fails does so here, and not later
  return current;
}

/** What a template is given of a row. Refused where it names a column that is not there, unless it asks whether it is. */
function requiredVariables(view: View, text: string, what: string, { neededNames, aliases }: StepOptions) {
  const variables = columnVariables(view, aliases);
  const missing = missingName(neededNames(text), variables(view.columns.map(() => '')));
  if (missing === undefined) return variables;
  throw new Reasoned(
    'column-missing',
    `${what} names ${JSON.stringify(missing)}, and there is no such column.`,
    `The columns are ${view.columns.join(', ')}. Write one of them.`,
  );
}

async function balance(view: View, column: string, options: StepOptions): Promise<View> {
  const index = view.columns.includes(column)
    ? view.columns.indexOf(column)
    : view.columns.indexOf(options.aliases[column] ?? '');
  if (index === -1)
    throw invalid(`there is no column "${column}" to balance by`, `The columns are ${view.columns.join(', ')}.`);
  const rowsOf = new Map<string, number[]>();
  for await (const rows of view.batches(options.signal)) {
    for (const { row, cells } of rows) {
      if (isMissing(cells[index])) continue;
      const value = cellText(cells[index]);
      const others = rowsOf.get(value);
      if (others) others.push(row);
      else rowsOf.set(value, [row]);
    }
    tell(options, 'Balancing rows', rows.at(-1)?.row, view.count);
  }
  const fewest = Math.min(...[...rowsOf.values()].map(rows => rows.length));
  const kept: number[] = [];
  for (const [value, rows] of rowsOf) {
    const drawn = shuffled(rows.length, options.seed, `balance/${value}`).subarray(0, fewest);
    for (const at of drawn) kept.push(rows[at] as number);
  }
  return view.keep(Uint32Array.from(kept).sort());
}

function rendering(row: number, template: (variables: Variables) => string, variables: Variables): string {
  try {
    return template(variables);
  } catch (error) {
    if (!(error instanceof Reasoned)) throw error;
    throw new Reasoned(error.code, `Row ${row + 1}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** Says which step it was; columns in the text of a condition are counted from its own beginning. */
async function named(index: number, { columns }: View, work: () => Promise<View>): Promise<View> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Reasoned) || error.code === CANCELLED) throw error;
    const message = error.message.replace(/Line 1, column (\d+) of the template/, (text, column: string) =>
      Number(column) > IF.length ? `Column ${Number(column) - IF.length} of the expression` : text,
    );
    const remedy = error.code.startsWith('template-')
      ? `Correct it. The columns are ${columns.join(', ')}.`
      : error.remedy;
    throw new Reasoned(error.code, `dataset.steps[${index}]: ${message}`, remedy, { cause: error });
  }
}

function tell({ onProgress }: StepOptions, message: string, row: number | undefined, total: number): void {
  if (row !== undefined) onProgress?.({ message, done: row + 1, total, unit: 'rows' });
}

const invalid = (what: string, remedy: string): Reasoned => new Reasoned('step-invalid', `${what}.`, remedy);

const leavesNothing = (index: number, step: DatasetStep, before: number): Reasoned =>
  new Reasoned(
    'step-leaves-nothing',
    `dataset.steps[${index}], ${describeStep(step)}, leaves none of ${before} rows.`,
    'Change the step. In TSV and CSV files a label such as 1 is a text: write label == "1".',
  );
