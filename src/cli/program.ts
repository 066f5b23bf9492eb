import { Command } from 'commander';
import { bench } from './commands/bench.ts';
import { classify } from './commands/classify.ts';
import { compare } from './commands/compare.ts';
import { embed } from './commands/embed.ts';
import { evaluate } from './commands/evaluate.ts';
import { exportModel } from './commands/export.ts';
import { chat } from './commands/chat.ts';
import { dataset } from './commands/dataset.ts';
import { generate } from './commands/generate.ts';
import { models } from './commands/models.ts';
import { next } from './commands/next.ts';
import { score } from './commands/score.ts';
import { tokenize } from './commands/tokenize.ts';
import { train } from './commands/train.ts';
import { exitCodeOf, reasonOfFailure, reportFailure } from './failure.ts';

const COMMANDS: ReadonlyArray<(program: Command) => void> = [
  models,
  tokenize,
  next,
  score,
  generate,
  chat,
  dataset,
  train,
  classify,
  evaluate,
  compare,
  embed,
  exportModel,
  bench,
];

/** Runs one command line (without `node` and the script) and gives its exit code: 0, 1, 2 or 130. Never throws. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const program = new Command('lm-lab')
    .description(
      'Score, probe, generate and chat with GPT-2 models. With --json, standard output is one JSON document.',
    )
    .exitOverride()
    // Errors are reported below, once and in one form.
    .configureOutput({ outputError: () => {} });
  for (const register of COMMANDS) register(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    const commands = program.commands.map(command => command.name());
    const failure = reasonOfFailure(error, commands);
    if (failure) await reportFailure(failure, args.includes('--json'));
    return exitCodeOf(error);
  }
}
