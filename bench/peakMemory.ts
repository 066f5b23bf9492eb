import { writeSync } from 'node:fs';

// Loaded before the program to be measured (node --import): at its end the peak of its resident memory, in bytes, is
// written to the third file descriptor.
process.on('exit', () => writeSync(3, `${process.resourceUsage().maxRSS * 1024}`));
