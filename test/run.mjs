// npm test [-- tier …]: see runner/main.ts, which needs what is installed here first.
import { runPrepared } from './host/prepare.mjs';

runPrepared('test/runner/main.ts');
