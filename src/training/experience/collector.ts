import { type Asked, sampleAnswers } from '../../decoding/answers.ts';
import { endTokensOf } from '../../decoding/generate.ts';
import { uniformStream } from '../../decoding/sampler.ts';
import type { PpoSpec } from '../../protocol/run/spec.ts';
import { loadTokenizer } from '../../tokenizer/load.ts';
import { joined } from '../joined.ts';
import { type Examples, idsOf } from '../examples/examples.ts';
import type { Answer, CollectCall, Collected, MicroBatch } from '../learner.ts';
import type { Learning, OpenedCollector, Setting } from '../methods/method.ts';
import { type Judged, klOf, type Lesson, lessonsOf } from './advantages.ts';
import { nextCoefficient } from './klCoefficient.ts';
import { openReference } from './reference.ts';
import { type Experience, rolloutExamples, taught } from './rollouts.ts';
import { openScorer, type Scorer } from './scorer.ts';

/** What a collector works with, each of which can be another one: answers that were recorded are learned from as well. */
export interface Sources {
  /** An answer to each row of a batch. */
  answer(batch: MicroBatch, call: CollectCall): Promise<readonly Answer[]>;
  readonly scorer: Scorer;
  /** Log-probabilities of what was written, by a model that does not train: [states]. */
  reference(batch: MicroBatch): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Answers by the policy, the starting model as the reference, and the reward that the request names. */
export async function openCollector(setting: Setting, learning: Learning): Promise<OpenedCollector> {
  const tokenizer = await loadTokenizer(learning.folder);
  const scorer = await openScorer(setting, { tokenizer, device: learning.device });
  const reference = await openReference(setting, learning);
  const { temperature, maxNewTokens } = setting.spec.ppo;
  return collectorOf(setting.spec.ppo, learning, {
    async answer({ examples, rows }, { draw, breathe }) {
      const model = await learning.decodingModel();
      const asked = rows.map(
        (row): Asked => ({ prompt: idsOf(examples, row), uniform: uniformStream(0, `${draw}/${row}`) }),
      );
      const endTokens = endTokensOf(model, tokenizer);
      const responses = await sampleAnswers(model, asked, { temperature, maxNewTokens, endTokens, breathe });
      return rows.map((row, index) => ({
        prompt: idsOf(examples, row),
        response: responses[index] as number[],
        label: examples.labels?.[row] ?? null,
      }));
    },
    scorer,
    reference: batch => reference.logps(batch),
    async dispose() {
      await scorer.dispose();
      await reference.dispose();
    },
  });
}

/** What a step learns from: its rows answered, the answers scored, and compared with the reference. */
export function collectorOf(ppo: PpoSpec, learning: Pick<Learning, 'outputs'>, sources: Sources): OpenedCollector {
  const ask = async (examples: Examples, batches: readonly MicroBatch[], call: CollectCall) => {
    const [logps, values, referenceLogps]: [Float32Array[], Float32Array[], Float32Array[]] = [[], [], []];
    for (const { rows } of batches) {
      await call.breathe();
      const outputs = await learning.outputs({ examples, rows });
      logps.push(outputs['logps'] as Float32Array);
      values.push(outputs['values'] as Float32Array);
      await call.breathe();
      referenceLogps.push(await sources.reference({ examples, rows }));
    }
    return { logps: joined(logps), values: joined(values), referenceLogps: joined(referenceLogps) };
  };
  return {
    updates: ppo.epochsPerBatch,
    score: answers => sources.scorer.score(answers),
    async collect(batches, call): Promise<Collected> {
      const answers: Answer[] = [];
      for (const batch of batches) answers.push(...(await sources.answer(batch, call)));
      const examples = rolloutExamples(answers);
      const sizes = batches.map(({ rows }) => rows.length);
      const collected = consecutive(sizes).map(rows => ({ examples, rows }));
      const said = await ask(examples, collected, call);
      await call.breathe();
      const scores = await sources.scorer.score(answers);
      const judged = judgedOf(examples.experience, answers, said, scores);
      const coefficient = call.kept['klCoefficient'] ?? ppo.klCoefficient;
      const lessons = lessonsOf(judged, coefficient, ppo);
      const known = taught(examples, said, lessons);
      const figures = figuresOf(judged, lessons, ppo.targetKl === null ? null : coefficient);
      const kl = figures.kl.sum / figures.kl.count;
      return {
        batches: collected.map(({ rows }) => ({ examples: known, rows })),
        sums: figures,
        kept: { klCoefficient: nextCoefficient(coefficient, kl, ppo.targetKl) },
      };
    },
    dispose: sources.dispose,
  };
}

type Said = Pick<Experience, 'logps' | 'values'> & { readonly referenceLogps: Float32Array };

const judgedOf = (
  { offsets }: Experience,
  answers: readonly Answer[],
  { logps, values, referenceLogps }: Said,
  scores: readonly number[],
): Judged[] =>
  answers.map(({ response }, row) => {
    const [first, end] = [offsets[row] as number, offsets[row + 1] as number];
    const ofTokens = (numbers: Float32Array) => Array.from(numbers.subarray(first, first + response.length));
    return {
      logps: ofTokens(logps),
      referenceLogps: ofTokens(referenceLogps),
      values: Array.from(values.subarray(first, end)),
      score: scores[row] as number,
    };
  });

/** As TRL's `objective/…`: KL divergence and entropy of whole responses, by what was drawn; and what values are to become. */
function figuresOf(judged: readonly Judged[], lessons: readonly Lesson[], coefficient: number | null) {
  const count = judged.length;
  const returns = lessons.flatMap(({ returns }) => returns);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return {
    kl: { sum: sum(judged.map(klOf)), count },
    entropy: { sum: -sum(judged.flatMap(({ logps }) => logps)), count },
    scoreMean: { sum: sum(judged.map(({ score }) => score)), count },
    returnMean: { sum: sum(returns), count: returns.length },
    ...(coefficient !== null && { klCoefficient: { sum: coefficient, count: 1 } }),
  };
}

/** Numbers from 0 in groups of these sizes. */
function consecutive(sizes: readonly number[]): number[][] {
  let next = 0;
  return sizes.map(size => Array.from({ length: size }, () => next++));
}
