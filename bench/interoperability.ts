// node bench/interoperability.ts: model folders and adapters that LM Lab saves load in transformers and PEFT, and theirs
// load here, with the same logits. Needs npm run build; writes bench/results/interoperability.md.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pooledState } from '../src/evaluation/classify/pooling.ts';
import { readHead } from '../src/evaluation/classify/head.ts';
import { KeyValueCache } from '../src/gpt2/cache.ts';
import { loadGpt2 } from '../src/gpt2/load.ts';
import type { Gpt2 } from '../src/gpt2/model.ts';
import { mergedFolder } from '../src/models/adapter/merge.ts';
import type { RunRequest } from '../src/protocol/run/spec.ts';
import { pythonWithTransformers, ROOT } from './environment.ts';
import { trainByCommandLine } from './training.ts';

/** Of a logit; what float32 leaves where sums are taken in another order. */
const TOLERANCE = 1e-3;
const STARTER = path.join(ROOT, 'models', 'starter');
const SEQUENCES = [
  [464, 3807, 373, 1336, 286],
  [15496],
  [21106, 318, 281, 12064, 326, 8477, 257, 4876, 13, 19430, 257, 2882, 326, 20431, 32543, 262, 2581, 13],
];
const LORA = { lora: { rank: 8, alpha: 16 } } as const;

const instructions: RunRequest = {
  method: 'sft',
  model: STARTER,
  dataset: { file: path.join(ROOT, 'samples', 'instruction-data.json'), steps: [{ take: 60 }] },
  training: { maxSteps: 6, learningRate: 1e-3 },
};
const spam: RunRequest = {
  method: 'classification',
  model: STARTER,
  dataset: {
    file: path.join(ROOT, 'samples', 'sms-spam.tsv'),
    columns: { label: 'column1', text: 'column2' },
    steps: [{ balance: 'column1' }, { take: 60 }],
  },
  training: { maxSteps: 6, learningRate: 1e-3 },
};
const KINDS: Readonly<Record<string, RunRequest>> = {
  'language-model': instructions,
  classifier: spam,
  'language-model-adapter': { ...instructions, trainable: LORA },
  'classifier-adapter': { ...spam, trainable: LORA },
};

type Logits = ReadonlyArray<readonly number[]>;

const abort = new AbortController();
process.once('SIGINT', () => abort.abort());
const scratch = await mkdtemp(path.join(tmpdir(), 'lm-lab-interoperability-'));
try {
  const python = await pythonWithTransformers(abort.signal);
  const rows: string[] = [];
  const compare = (saver: string, kind: string, ours: Logits, theirs: Logits): void => {
    const difference = largestDifference(ours, theirs);
    rows.push(`| ${kind} | ${saver} | ${difference.toExponential(1)} |`);
    if (!(difference < TOLERANCE)) process.exitCode = 1;
  };
  for (const [kind, request] of Object.entries(KINDS)) {
    const folder = await trainedFolder(kind, request);
    compare('LM Lab', kind, await ownLogits(kind, folder), (await asked(python, ['read', kind, folder])) as Logits);
  }
  const output = path.join(scratch, 'theirs');
  const made = (await asked(python, ['write', output, STARTER])) as Readonly<Record<string, Logits>>;
  for (const [kind, theirs] of Object.entries(made))
    compare('transformers, PEFT', kind, await ownLogits(kind, path.join(output, kind)), theirs);
  const table = ['| folder | saved by | largest difference |', '|---|---|---|', ...rows].join('\n');
  console.log(table);
  await writeFile(path.join(ROOT, 'bench', 'results', 'interoperability.md'), pageOf(table));
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function trainedFolder(kind: string, request: RunRequest): Promise<string> {
  const cli = path.join(ROOT, 'dist', 'cli.js');
  const { folder } = await trainByCommandLine(cli, request, path.join(scratch, kind), abort.signal);
  return path.join(folder, 'model');
}

async function asked(python: string, args: readonly string[]): Promise<unknown> {
  await mkdir(path.join(scratch, 'theirs'), { recursive: true });
  const script = path.join(ROOT, 'bench', 'python', 'interoperability_side.py');
  const quiet = { TRANSFORMERS_VERBOSITY: 'error', HF_HUB_DISABLE_PROGRESS_BARS: '1', HF_HUB_OFFLINE: '1' };
  const env = { ...process.env, ...quiet, PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve, reject) => {
    const options = { env, signal: abort.signal, maxBuffer: 2 ** 30 };
    const child = execFile(python, [script, ...args], options, (error, output) =>
      error ? reject(error) : resolve(JSON.parse(output)),
    );
    child.stdin?.end(JSON.stringify(SEQUENCES));
  });
}

/** As the engine loads it: an adapter is merged with its base. */
async function ownLogits(kind: string, saved: string): Promise<Logits> {
  const home = path.join(scratch, 'home');
  const folder = kind.endsWith('adapter') ? await mergedFolder(saved, STARTER, { home }) : saved;
  const model = await loadGpt2(folder, { device: 'cpu' });
  try {
    const logits = kind.startsWith('classifier') ? await labelLogits(folder, model) : tokenLogits(model);
    const results: number[][] = [];
    for (const ids of SEQUENCES) results.push(await logits(ids));
    return results;
  } finally {
    await model.dispose();
  }
}

type LogitsOf = (ids: readonly number[]) => Promise<number[]>;

function tokenLogits(model: Gpt2): LogitsOf {
  return async ids => {
    const last = (await hiddenStates(model, ids)).slice(-model.config.width);
    return [...(await model.predictions(last, 1)).logits];
  };
}

async function labelLogits(folder: string, model: Gpt2): Promise<LogitsOf> {
  const { width } = model.config;
  const head = await readHead(folder, width);
  return async ids => [...head.logits(pooledState(head.config, ids, await hiddenStates(model, ids), width))];
}

function hiddenStates(model: Gpt2, ids: readonly number[]): Promise<Float32Array> {
  const attended = { kind: 'packed', starts: ids.map(() => 0) } as const;
  const rows = { ids, positions: ids.map((_, position) => position), attended };
  return model.lastHiddenStates(rows, new KeyValueCache(model.config));
}

function largestDifference(ours: Logits, theirs: Logits): number {
  if (ours.length !== theirs.length) return Number.NaN;
  const differences = ours.map((logits, row) =>
    logits.reduce((most, logit, at) => Math.max(most, Math.abs(logit - (theirs[row]?.[at] ?? Number.NaN))), 0),
  );
  return Math.max(...differences);
}

function pageOf(table: string): string {
  return `# Interoperability

Folders saved after six steps of training, each loaded by the other side: LM Lab’s in transformers and PEFT, theirs in LM Lab. The largest difference of a logit, over ${SEQUENCES.length} texts. Made by \`node bench/interoperability.ts\`.

${table}
`;
}
