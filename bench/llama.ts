import { spawn } from 'node:child_process';
import path from 'node:path';
import { Reasoned } from '../src/protocol/result.ts';
import { Lines } from './lines.ts';

export interface LlamaRequest {
  readonly ids: readonly number[];
  readonly newTokens: number;
}

export interface LlamaDecoded {
  readonly ids: readonly number[];
  /** Of those after the first. */
  readonly tokensPerSecond: number;
}

/** llama.cpp in a process of its own, which has the model loaded and answers one request after the other. */
export class Llama implements Disposable {
  readonly #lines: Lines;

  /** @param folder what nodeLlamaCpp installed, @param file a model in GGUF */
  constructor(folder: string, file: string, threads: number) {
    const script = path.join(import.meta.dirname, 'llamaSide.ts');
    const child = spawn(process.execPath, [script, folder, file, `${threads}`], { stdio: ['pipe', 'pipe', 2] });
    this.#lines = new Lines(child, ended);
  }

  /** Greedy, as many new tokens. */
  decode(request: LlamaRequest): Promise<LlamaDecoded> {
    return this.#lines.ask(request) as Promise<LlamaDecoded>;
  }

  [Symbol.dispose](): void {
    this.#lines[Symbol.dispose]();
  }
}

const ended = (): Reasoned =>
  new Reasoned(
    'llama-failed',
    'llama.cpp’s side of the benchmark ended.',
    'Read what it said above; node-llama-cpp may have no binary for this machine.',
  );
