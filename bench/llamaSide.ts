// node bench/llamaSide.ts <folder of node-llama-cpp> <model.gguf> <threads>: llama.cpp's side of the benchmark. Reads one
// JSON request a line, the ids of a prompt and how many tokens to make, and answers each with one line.
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { LlamaDecoded, LlamaRequest } from './llama.ts';

/** What is used of node-llama-cpp, which is installed elsewhere and on demand. */
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<Model> }>;
}
interface Model {
  createContext(options: object): Promise<{ getSequence(): Sequence }>;
}
interface Sequence {
  clearHistory(): Promise<void>;
  evaluate(ids: readonly number[], options: object): AsyncIterable<number>;
}

/** Room for every request: its prompt and what is made. */
const CONTEXT = 256;

const [folder, modelPath, threads] = process.argv.slice(2) as [string, string, string];
const { getLlama } = await importPackage(folder);
const onlyBuilt = { gpu: false, build: 'never', skipDownload: true, progressLogs: false, logLevel: 'error' };
const llama = await getLlama({ ...onlyBuilt, maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
const context = await model.createContext({
  contextSize: CONTEXT,
  threads: { ideal: Number(threads), min: Number(threads) },
});
const sequence = context.getSequence();
for await (const line of createInterface(process.stdin))
  console.log(JSON.stringify(await decoded(JSON.parse(line) as LlamaRequest)));

async function importPackage(folder: string): Promise<NodeLlamaCpp> {
  const entry = path.join(folder, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
  return (await import(pathToFileURL(entry).href)) as NodeLlamaCpp;
}

/** Greedy; timed from the first token, so that the prompt's time is not in it. */
async function decoded({ ids, newTokens }: LlamaRequest): Promise<LlamaDecoded> {
  await sequence.clearHistory();
  const made: number[] = [];
  let firstAt = 0;
  for await (const id of sequence.evaluate(ids, { temperature: 0, yieldEogToken: true })) {
    if (made.push(id) === 1) firstAt = performance.now();
    if (made.length === newTokens) break;
  }
  const seconds = (performance.now() - firstAt) / 1000;
  return { ids: made, tokensPerSecond: (made.length - 1) / seconds };
}
