import type { Command, Option } from 'commander';
import type { EvaluationRequest, TaskName } from '../../protocol/evaluation/request.ts';
import { DECODING_NAMES } from '../decoding.ts';
import { wrongUsage } from '../failure.ts';
import { TASKS } from './index.ts';

/** What may stand beside --resume: all else is said by the evaluation that is gone on with. */
const WHEN_RESUMED = ['resume', 'json', 'out'];

/** Throws wrong usage for an option that was typed and belongs to other tasks alone. */
export function requireEffect(command: Command, task: TaskName): void {
  for (const option of typed(command)) {
    const owners = TASKS.filter(({ options, takes }) =>
      [...options.map(own => own.attributeName()), ...takes].includes(option.attributeName()),
    ).map(({ name }) => name);
    if (owners.length === 0 || owners.includes(task)) continue;
    throw wrongUsage(
      `${option.long} has no effect on the task ${task}: it belongs to ${owners.join(', ')}.`,
      'Leave it out, or choose another --task.',
    );
  }
}

/** Throws wrong usage for an option of decoding beside a comparison of texts, which generates nothing. */
export function requireEffectOnTexts(command: Command, { compare }: Pick<EvaluationRequest, 'compare'>): void {
  if (compare?.of !== 'texts') return;
  const other = typed(command).find(option => DECODING_NAMES.includes(option.attributeName()));
  if (other)
    throw wrongUsage(
      `${other.long} has no effect on a comparison of texts: none is generated.`,
      'Leave it out, or compare what the models answer, with --of responses.',
    );
}

/** Throws wrong usage for an option that was typed beside --resume. */
export function requireEffectOnResuming(command: Command): void {
  const [other] = typed(command).filter(option => !WHEN_RESUMED.includes(option.attributeName()));
  if (other)
    throw wrongUsage(
      `${other.long} has no effect beside --resume: the evaluation goes on as it was begun.`,
      'Leave it out, or start an evaluation anew.',
    );
}

const typed = (command: Command): Option[] =>
  command.options.filter(option => command.getOptionValueSource(option.attributeName()) === 'cli');
