import { classifier } from './classifier.ts';
import { compare } from './compare.ts';
import { generate } from './generate.ts';
import { judge } from './judge.ts';
import { probe } from './probe.ts';
import { prompt } from './prompt.ts';
import type { TaskCommand } from './task.ts';

/** The tasks of `evaluate`. */
export const TASKS: readonly TaskCommand[] = [prompt, classifier, generate, judge, compare, probe];
