// npm start: see start.ts, which needs what is installed here first.
import { runPrepared } from './prepare.mjs';

runPrepared('test/host/start.ts');
