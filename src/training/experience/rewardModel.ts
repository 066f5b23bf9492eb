import { classifierConfig, HEAD_TENSORS } from '../../gpt2/classifierConfig.ts';
import { gpt2Config } from '../../gpt2/config.ts';
import type { WeightInMemory } from '../../gpt2/weights.ts';
import { readFolderConfig } from '../../models/config.ts';
import { openTensors, readFloat32 } from '../../models/safetensors.ts';
import type { RunSpec } from '../../protocol/run/spec.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { batched } from '../batches.ts';
import type { Examples } from '../examples/examples.ts';
import { evaluationGraph } from '../graphs/modelGraph.ts';
import { pack } from '../graphs/packing.ts';
import { together } from '../graphs/trees.ts';
import type { Answer } from '../learner.ts';
import { frozenModel } from '../learner/assemble.ts';
import type { TrainingModel } from '../learner/model.ts';
import { Run } from '../learner/runs.ts';
import { classLogits } from '../methods/classification.ts';
import type { Ending, ScoringHead, Setting } from '../methods/method.ts';
import { pooledReadings, poolingShares } from '../methods/pooling.ts';
import { rolloutExamples } from './rollouts.ts';
import { notARewardModel, requireRewardModel } from './requireRewardModel.ts';
import type { Scorer, ScorerTools } from './scorer.ts';

/**
 * A classifier of one label, which scores a prompt with its answer. It is shown no token that ends the text, since reward
 * models are trained without one.
 * @throws Reasoned what requireRewardModel throws
 */
export async function openRewardModel(
  setting: Setting,
  folder: string,
  { tokenizer, device }: ScorerTools,
): Promise<Scorer> {
  const { model, head, padId, paddedLength } = await readRewardModel(setting.spec, folder, tokenizer);
  const own = { spec: { ...setting.spec, classification: { ...head, labels: null } }, padId };
  const build = (ending: Ending) => ({ losses: classLogits(ending), outputs: {} });
  const run = new Run(model, evaluationGraph(model, { build }, own, false), device);
  const textOf = ({ prompt, response, label }: Answer): Answer => {
    const ended = response.at(-1) === tokenizer.endOfText;
    return { prompt, response: ended ? response.slice(0, -1) : response, label };
  };
  const scoreBatch = async (answers: readonly Answer[]): Promise<number[]> => {
    const examples: Examples = { ...rolloutExamples(answers.map(textOf)), paddedLength };
    const readings = pooledReadings({ examples, rows: [...answers.keys()] }, head.pooling, padId);
    const { feeds, sizes } = pack(together(readings, model.config.width), model.config.heads);
    const { losses } = await run.run({ ...feeds, shares: poolingShares(readings) }, sizes);
    return Array.from(losses as Float32Array);
  };
  return {
    async score(answers) {
      const scores: number[] = [];
      for (const batch of batched(answers, setting.spec.training.batchSize)) scores.push(...(await scoreBatch(batch)));
      return scores;
    },
    dispose: () => run.dispose(),
  };
}

interface RewardModel {
  readonly model: TrainingModel;
  readonly head: ScoringHead;
  readonly padId: number | null;
  readonly paddedLength: number | null;
}

async function readRewardModel(spec: RunSpec, folder: string, tokenizer: Tokenizer): Promise<RewardModel> {
  const json = await readFolderConfig(folder);
  const config = gpt2Config(json, folder);
  const { pooling, hidden, bias, padToken, paddedLength } = classifierConfig(json, folder);
  await requireRewardModel(folder, { tokenizer, longest: 0 });
  const base = await frozenModel({ ...spec, initialize: 'weights' }, { config, json }, { folder });
  const tensors = await openTensors(folder);
  const names = [
    HEAD_TENSORS.score,
    ...(bias ? [HEAD_TENSORS.bias] : []),
    ...(hidden ? [HEAD_TENSORS.hiddenWeight, HEAD_TENSORS.hiddenBias] : []),
  ];
  const weights = new Map(base.weights);
  for (const name of names) {
    const location = tensors.get(name);
    if (!location) throw notARewardModel(folder, `its weights have no ${name}`);
    const weight: WeightInMemory = { name, shape: location.shape, values: await readFloat32(location) };
    weights.set(name, weight);
  }
  const head = { pooling, bias, hidden: hidden && { ...hidden, dropout: 0 }, labels: ['LABEL_0'] };
  return {
    model: {
      ...base,
      weights,
      scoring: head,
      head: {
        weight: HEAD_TENSORS.score,
        bias: bias ? HEAD_TENSORS.bias : null,
        hidden: hidden && { weight: HEAD_TENSORS.hiddenWeight, bias: HEAD_TENSORS.hiddenBias },
        value: null,
      },
    },
    head,
    padId: padToken ?? config.endTokens[0] ?? null,
    paddedLength,
  };
}
