import { generate } from '../decoding/generate.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Generation } from '../protocol/generation.ts';
import type { SampleLine } from '../protocol/run/folder.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { type Examples, rowCount } from './examples/examples.ts';
import type { EvaluationOptions } from './evaluation.ts';
import type { Learner } from './learner.ts';

const MOST_SAMPLES = 3;
const MOST_NEW_TOKENS = 64;
/** Of a text that has no prompt. */
const BEGINNING_TOKENS = 32;

export type SampleCall = Pick<EvaluationOptions, 'signal' | 'breathe'>;

interface Example {
  readonly prompt: string;
  readonly promptIds: readonly number[];
  /** What should follow; empty where nothing is known to. */
  readonly reference: string;
}

/**
 * What the model writes for the first rows of a part, greedily, so that what changes from one evaluation to the next
 * is the model. Empty for a model that predicts no tokens.
 */
export function sampler(
  learner: Learner,
  openTokenizer: () => Promise<Tokenizer>,
  examples: Examples,
): (step: number, call: SampleCall) => Promise<SampleLine[]> {
  let opened: Promise<Tokenizer> | undefined;
  return async (step, call) => {
    const model = await learner.decodingModel();
    if (!model) return [];
    opened ??= openTokenizer();
    const tokenizer = await opened;
    const lines: SampleLine[] = [];
    try {
      for (let row = 0; row < Math.min(MOST_SAMPLES, rowCount(examples)) && !call.signal.aborted; row++) {
        const { prompt, promptIds, reference } = exampleOf(examples, row, tokenizer);
        const { text, tokens } = await completionOf(model, tokenizer, prompt, call);
        const label = examples.labels?.[row] ?? null;
        const answer = { prompt: promptIds, response: tokens.map(({ id }) => id), label };
        const [score] = call.signal.aborted ? [] : ((await learner.collector?.score([answer])) ?? []);
        const told = { ...(reference !== '' && { reference }), ...(score !== undefined && { score }) };
        lines.push({ step, prompt, completion: text, ...told });
      }
    } finally {
      await learner.closeDecodingModel();
    }
    return lines;
  };
}

/** A row's prompt and what should follow. Of several sequences the one that its label names counts, else the first. */
function exampleOf({ ids, offsets, rowOffsets, promptTokens, labels }: Examples, row: number, tokenizer: Tokenizer) {
  const [first, end] = [rowOffsets[row] as number, rowOffsets[row + 1] as number];
  const sequence = Math.min(first + (labels?.[row] ?? 0), end - 1);
  const all = Array.from(ids.subarray(offsets[sequence], offsets[sequence + 1]));
  const given = promptTokens[sequence] || Math.min(BEGINNING_TOKENS, Math.ceil(all.length / 2));
  const rest = all.slice(given, given + MOST_NEW_TOKENS);
  const decode = (tokens: readonly number[]): string =>
    tokenizer.decode(tokens.filter(id => id !== tokenizer.endOfText));
  return {
    prompt: decode(all.slice(0, given)),
    promptIds: all.slice(0, given),
    reference: decode(rest),
  } satisfies Example;
}

const NOTHING = { text: '', tokens: [] };

/** Empty where the signal comes first: the evaluation is then made anew. */
async function completionOf(
  model: Gpt2,
  tokenizer: Tokenizer,
  prompt: string,
  { signal, breathe }: SampleCall,
): Promise<Pick<Generation, 'text' | 'tokens'>> {
  const room = model.config.positions - tokenizer.ids(prompt).length;
  const maxNewTokens = Math.min(MOST_NEW_TOKENS, room);
  if (maxNewTokens <= 0) return NOTHING;
  const generating = generate(model, tokenizer, { prompt, settings: [{ decoding: 'greedy', maxNewTokens }], top: 0 });
  for (;;) {
    await breathe();
    if (signal.aborted) return NOTHING;
    const next = await generating.next();
    if (next.done) return next.value.columns[0]?.generations[0] ?? NOTHING;
  }
}
