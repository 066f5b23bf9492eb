import { InvalidArgumentError, Option } from 'commander';
import type { CompareResult, Estimate } from '../../protocol/evaluation/folder.ts';
import type { CompareRequest, CompareTask, RuleCheck } from '../../protocol/evaluation/request.ts';
import { modelNames } from '../../protocol/evaluation/modelNames.ts';
import { isCompared } from '../../protocol/evaluation/rows.ts';
import { patternProblem } from '../../protocol/pattern.ts';
import { DECODING_NAMES } from '../decoding.ts';
import type { Precision } from '../../protocol/precision.ts';
import { wrongUsage } from '../failure.ts';
import { counted, figure, type Output, percent, table } from '../output.ts';
import { generateSection } from './generate.ts';
import { judgeOptions, judgeSection } from './judge.ts';
import type { Outcome, TaskCommand, TaskOptions } from './task.ts';

/** Options of comparing alone; it takes those of generating and of judging too. */
export const compareOptions = (): Option[] => [
  new Option('--models <models>', 'the models to compare, with commas between').argParser((names: string) =>
    names.split(',').map(name => name.trim()),
  ),
  new Option(
    '--of <what>',
    'what each answers, or how likely each finds the texts; absent: responses, of one model in several precisions texts',
  ).choices(['responses', 'texts']),
  new Option('--reward-model <model>', 'a reward model that scores each response'),
  new Option(
    '--check <rule=text>',
    'startsWith=, contains= or regex=: how many responses pass; may be given again',
  ).argParser(check),
];

/** The models and the compare section of a request. Throws wrong usage. */
export function compareSection(options: TaskOptions) {
  const models = (options['models'] ?? []) as string[];
  if (models.length < 2)
    throw wrongUsage('There must be two --models or more.', 'Name them: --models starter,./tuned.');
  const { precision } = options;
  const named = modelNames({ models, ...(Array.isArray(precision) && { precisions: precision as Precision[] }) });
  const twice = named.find((model, at) => named.indexOf(model) !== at);
  if (twice !== undefined)
    throw wrongUsage(
      `--models names "${twice}" twice.`,
      'Name two different models, or more, or one in two precisions.',
    );
  const compare: CompareRequest = {
    of: (options['of'] as CompareTask['of'] | undefined) ?? (new Set(models).size === 1 ? 'texts' : 'responses'),
    generate: generateSection(options),
    rewardModel: (options['rewardModel'] as string | undefined) ?? null,
    judge: judgeSection(options) ?? null,
    checks: (options['check'] as RuleCheck[] | undefined) ?? [],
  };
  return { models, compare };
}

const namesOf = (option: Option): string => option.attributeName();

export const compare: TaskCommand = {
  name: 'compare',
  description: 'two or more --models on the same rows, as the command compare has it',
  options: compareOptions(),
  takes: ['template', 'prompt', ...judgeOptions().map(namesOf), ...DECODING_NAMES],
  section: async options => compareSection(options),
  output: async outcome => compareOutput(outcome),
};

/** The figures of each model, who does better how often, and every row. */
export function compareOutput({ result, rows }: Outcome): Output {
  const { models, wins, notes } = result as CompareResult;
  const compared = rows.filter(isCompared);
  return { json: { models, wins, notes, rows: compared }, text: () => describe({ models, wins, notes }) };
}

/** A column for what was measured of any of the models. */
function describe({ models, wins, notes }: Pick<CompareResult, 'models' | 'wins' | 'notes'>): string {
  const checks = models[0]?.checks.map(({ name }) => name) ?? [];
  const measured: ReadonlyArray<readonly [string, (model: ModelFigures) => string]> = [
    ['perplexity', ({ perplexity }) => figure(perplexity)],
    ['bits per byte', ({ bitsPerByte }) => figure(bitsPerByte)],
    [FROM_F32, ({ divergence: of }) => (of ? `${of.mean.toPrecision(3)} (${of.largest.toPrecision(3)})` : '–')],
    ['reward', ({ reward }) => withInterval(reward, figure)],
    ['judged', ({ judged }) => withInterval(judged, figure)],
    ...checks.map(
      (name, at) => [name, ({ checks }: ModelFigures) => withInterval(checks[at]?.passed, percent)] as const,
    ),
  ];
  const columns = measured.filter(([, show]) => models.some(model => show(model) !== '–'));
  const headings = [...columns.map(([heading]) => heading), 'model'];
  const lines = models.map(model => [...columns.map(([, show]) => show(model)), model.model]);
  const figures = table(headings, lines, [...columns.map(() => 'right' as const), 'left']);
  const won = wins.map(
    ({ first, second, measure, rate, ties, pValue }) =>
      `${first} better than ${second} by ${measure}: ${withInterval(rate, percent)} of ${counted(rate.count, 'row')}, ${counted(ties, 'tie')}, p = ${pValue.toPrecision(2)}`,
  );
  const isUnranked = models[0]?.texts !== undefined && won.length === 0 && checks.length === 0;
  return [figures, '', ...won, ...notes, ...(isUnranked ? [RANKED_BY] : [])].join('\n').trimEnd();
}

const withInterval = (estimate: Estimate | undefined, show: (value: number) => string): string =>
  estimate ? `${show(estimate.value)} (95 % interval ${show(estimate.low)} to ${show(estimate.high)})` : '–';

type ModelFigures = CompareResult['models'][number];

const RANKED_BY =
  'Add --judge, --reward-model or --check; or keep the comparison with --evaluations-folder, and vote in the editor.';

const FROM_F32 = 'KL to f32, mean nats a token (largest)';

function check(value: string, before: readonly RuleCheck[] = []): RuleCheck[] {
  const [, rule, text] = /^(startsWith|contains|regex)=(.+)$/s.exec(value) ?? [];
  if (rule === undefined || text === undefined)
    throw new InvalidArgumentError('It must be like startsWith=Sure, contains=film or regex=^\\d+$.');
  const wrong = rule === 'regex' ? patternProblem(text) : undefined;
  if (wrong !== undefined) throw new InvalidArgumentError(`${wrong}.`);
  return [...before, { [rule]: text } as RuleCheck];
}
