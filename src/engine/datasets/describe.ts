import type { Column } from '../../data/table.ts';
import type { DatasetColumn, DatasetDescription, DatasetProblem, DatasetRequest } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import { CANCELLED, Reasoned, type Reason, reasonOf } from '../../protocol/result.ts';
import type { Part, RunSpec } from '../../protocol/run/spec.ts';
import type { Analysis } from '../../training/examples/analysis.ts';
import { limitsOf } from '../../training/examples/limits.ts';
import { keptAnalysis, keptParts } from './kept.ts';
import { lengthStatistics } from './lengths.ts';
import { allProblems, type Checked, isLost, MOST_PROBLEMS, type Problem, rowProblems } from './problems.ts';
import { type Asked, type Encoding, tryEncoding, withViews } from './setting.ts';

const MOST_CLASSES = 1000;

/** What steps, template, encoding and split make of a file; what prevents a part of the answer is its `reason`. */
export async function describe(request: DatasetRequest, asked: Asked, call: Call): Promise<DatasetDescription> {
  const { checked, encoding, reason } = await check(request, asked, call);
  const ofRow = rowProblems(checked);
  const { analysis, limits, partOf } = checked;
  asked.dataset.described = {
    request: JSON.stringify(request),
    problemsOf: ofRow,
    lengthOf: row => (analysis.leftOut.has(row) ? undefined : analysis.lengths?.total[row]),
  };
  const { view, counts } = asked.view;
  const { problems, problemCount } = listed(checked, ofRow);
  const maxLength = limits?.maxLength ?? ('model' in encoding ? encoding.model.contextLength : 0);
  const classes = classCounts(analysis);
  return {
    columns: analysis.columns.map(shownColumn),
    steps: counts,
    rows: view.count,
    ...(classes && { classes }),
    lengths: lengthStatistics(analysis, maxLength),
    ...(reason && { reason }),
    split: partOf ? await partSizes(asked, checked, call) : null,
    problems,
    problemCount,
  };
}

export const shownColumn = ({ name, kind, distinct, missing }: Column): DatasetColumn => ({
  name,
  kind,
  distinct,
  missing,
});

interface Check {
  readonly checked: Checked;
  readonly encoding: Encoding | { readonly reason: Reason };
  readonly reason?: Reason;
}

/** Goes through the rows, unless that was done before. */
async function check(request: DatasetRequest, asked: Asked, call: Call): Promise<Check> {
  const encoding = await tryEncoding(request, asked);
  const encoded = 'encoder' in encoding ? encoding : null;
  const spec = encoded?.spec ?? asked.spec;
  const analysis = await keptAnalysis(asked.dataset, asked.view, spec, encoded, call);
  const limits = await tried(async () => encoded && limitsOf(spec, encoded.model.contextLength));
  const parts = await tried(() => keptParts(asked.dataset, spec, asked.view.view.count, call));
  const reason = 'reason' in encoding ? encoding.reason : (limits.reason ?? parts.reason);
  return {
    encoding,
    checked: {
      table: asked.dataset.table,
      view: asked.view,
      spec,
      analysis,
      limits: limits.value ?? null,
      partOf: parts.value?.ofRow ?? null,
    },
    ...(reason && { reason }),
  };
}

async function tried<T>(work: () => Promise<T>): Promise<{ readonly value?: T; readonly reason?: Reason }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Reasoned && error.code !== CANCELLED) return { reason: reasonOf(error) };
    throw error;
  }
}

function listed(
  checked: Checked,
  ofRow: (row: number) => readonly Problem[],
): { problems: DatasetProblem[]; problemCount: number } {
  const { view } = checked.view;
  const problems: DatasetProblem[] = [];
  let problemCount = 0;
  for (const problem of allProblems(view.count, ofRow))
    if (problemCount++ < MOST_PROBLEMS) {
      const line = view.read(problem.row)?.line ?? 0;
      problems.push(line > 0 ? { ...problem, line } : problem);
    }
  return { problems, problemCount };
}

/** By falling count. */
function classCounts({ labels }: Analysis): DatasetDescription['classes'] {
  if (!labels) return undefined;
  const counts = new Uint32Array(labels.names.length);
  for (const label of labels.ofRow) if (label >= 0) counts[label] = (counts[label] as number) + 1;
  const classes = labels.names.map((label, index) => ({ label, count: counts[index] as number }));
  return classes.sort((a, b) => b.count - a.count).slice(0, MOST_CLASSES);
}

/** Without the rows that are left out. */
async function partSizes(
  asked: Asked,
  { spec, analysis, limits, partOf }: Checked,
  call: Call,
): Promise<Record<Part, number>> {
  const sizes: Record<Part, number> = { train: 0, validation: 0, test: 0 };
  for (let row = 0; row < asked.view.view.count; row++)
    if (partOf && !isLost(analysis, limits, row)) sizes[partOf(row)]++;
  if (!isSplitIntoFiles(spec)) return sizes;
  return withViews(asked, call, async views => ({
    train: sizes.train,
    validation: views.validation?.view.count ?? 0,
    test: views.test?.view.count ?? 0,
  }));
}

const isSplitIntoFiles = ({ dataset }: RunSpec): boolean => 'files' in dataset.split;
