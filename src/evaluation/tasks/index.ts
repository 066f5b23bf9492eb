import type { TaskName } from '../../protocol/evaluation/request.ts';
import { Reasoned } from '../../protocol/result.ts';
import type { Task } from '../task.ts';
import { classifier } from './classifier.ts';
import { compare } from './compare.ts';
import { generate } from './generate.ts';
import { judge } from './judge.ts';
import { probe } from './probe.ts';
import { prompt } from './prompt.ts';

/** Everything that can be asked. */
const TASKS: Readonly<Record<TaskName, Task>> = { prompt, classifier, generate, judge, compare, probe };

/** @throws Reasoned `task-unknown` */
export function taskOf(name: TaskName): Task {
  const task = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
  if (task) return task;
  throw new Reasoned(
    'task-unknown',
    `task is ${JSON.stringify(name)}, and there is no such task.`,
    `Use one of ${Object.keys(TASKS).join(', ')}.`,
  );
}
