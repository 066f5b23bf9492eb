import { KEEPS_MEMORY } from '../protocol/processMemory.ts';
import { runProgram } from './program.ts';
import { relaunchWith } from './relaunch.ts';

if (process.argv[2] === 'train') relaunchWith(KEEPS_MEMORY);

// An exit code that is set, not an exit: what was written still reaches a slow reader.
process.exitCode = await runProgram(process.argv.slice(2));
