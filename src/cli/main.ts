import { runProgram } from './program.ts';

// An exit code that is set, not an exit: what was written still reaches a slow reader.
process.exitCode = await runProgram(process.argv.slice(2));
