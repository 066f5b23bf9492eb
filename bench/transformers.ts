import { spawn } from 'node:child_process';
import path from 'node:path';
import { Reasoned } from '../src/protocol/result.ts';
import { Lines } from './lines.ts';

export interface TransformersScore {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly tokens: number;
  readonly perplexity: number;
  readonly meanRank: number;
  readonly meanEntropyNats: number;
}

/** transformers in a process of its own, which has the model loaded and answers one request after the other. */
export class Transformers implements Disposable {
  readonly #lines: Lines;

  constructor(python: string, model: string, threads: number) {
    const script = path.join(import.meta.dirname, 'python', 'transformers_side.py');
    const quiet = { TRANSFORMERS_VERBOSITY: 'error', HF_HUB_DISABLE_PROGRESS_BARS: '1', HF_HUB_OFFLINE: '1' };
    const env = { ...process.env, ...quiet, OMP_NUM_THREADS: `${threads}` };
    this.#lines = new Lines(spawn(python, [script, model, `${threads}`], { stdio: ['pipe', 'pipe', 2], env }), ended);
  }

  score(text: string): Promise<TransformersScore> {
    return this.#ask('score', text) as Promise<TransformersScore>;
  }

  /** One forward pass with all logits. */
  forward(text: string): Promise<{ seconds: number }> {
    return this.#ask('forward', text) as Promise<{ seconds: number }>;
  }

  /** As many new tokens, greedy or by beams; the seconds hold the prompt's too. */
  generate(text: string, newTokens: number, beams: number): Promise<{ seconds: number; ids: number[] }> {
    return this.#ask('generate', text, { newTokens, beams }) as Promise<{ seconds: number; ids: number[] }>;
  }

  /** Greedy answers of as many tokens to prompts in one batch, padded on the left. */
  respond(prompts: readonly string[], newTokens: number): Promise<{ seconds: number; texts: string[] }> {
    return this.#ask('respond', '', { prompts, newTokens }) as Promise<{ seconds: number; texts: string[] }>;
  }

  /** The log-probabilities of words, each of one token, after each prompt: one forward pass a prompt. */
  zeroShot(prompts: readonly string[], words: readonly string[]): Promise<{ seconds: number; scores: number[][] }> {
    return this.#ask('zeroShot', '', { prompts, words }) as Promise<{ seconds: number; scores: number[][] }>;
  }

  /** Reading every weight once, with the same threads, the fastest of several times. */
  readWeights(): Promise<{ readSeconds: number }> {
    return this.#ask('read', '') as Promise<{ readSeconds: number }>;
  }

  [Symbol.dispose](): void {
    this.#lines[Symbol.dispose]();
  }

  #ask(action: string, text: string, options: object = {}): Promise<unknown> {
    return this.#lines.ask({ action, text, ...options });
  }
}

const ended = (): Reasoned =>
  new Reasoned(
    'transformers-failed',
    'The Python side of the benchmark ended.',
    'Read what it said above; is what bench/requirements.txt names installed in that environment?',
  );
