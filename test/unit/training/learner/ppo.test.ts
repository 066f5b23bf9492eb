import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readHeader } from '../../../../src/models/safetensors.ts';
import { complete } from '../../../../src/protocol/run/defaults.ts';
import type { SampleLine } from '../../../../src/protocol/run/folder.ts';
import type { RunRequest } from '../../../../src/protocol/run/spec.ts';
import { loadTokenizer } from '../../../../src/tokenizer/load.ts';
import { examplesOf } from '../examples.ts';
import { readExamples, writeExamples } from '../../../../src/training/examples/files.ts';
import { requireRewardModel } from '../../../../src/training/experience/requireRewardModel.ts';
import { ruleOf } from '../../../../src/training/experience/rewardRules.ts';
import { openLearner } from '../../../../src/training/learner/open.ts';
import { metricsOf, trained, weightsOf } from '../run/runFolder.ts';

vi.setConfig({ testTimeout: 60_000 }); // whole runs, each with several sessions

const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-ppo-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const FIXTURES = path.resolve('test/parity/training/fixtures');
const MODEL = path.resolve('test/parity/fixtures/head-size-12');
const END = 0;

const RULE = { rewardRule: { regex: '[aeiou]' } } as const;

/** A run folder of prompts, with ids that the model's tokenizer knows. */
async function runFolder(name: string, request: Partial<RunRequest>): Promise<string> {
  const folder = path.join(scratch, name);
  mkdirSync(folder);
  for (const part of ['train.safetensors', 'validation.safetensors']) {
    const examples = await readExamples(path.join(FIXTURES, 'data/prompts', part));
    await writeExamples(path.join(folder, 'data', part), { ...examples, ids: examples.ids.map(id => 1 + (id % 400)) });
  }
  const run = {
    method: 'ppo',
    model: MODEL,
    dataset: { file: 'data.json' },
    device: 'cpu',
    ...request,
    training: { maxSteps: 4, batchSize: 4, learningRate: 2e-3, evaluateEvery: 2, ...request.training },
    ppo: { maxNewTokens: 6, epochsPerBatch: 2, ...RULE, ...request.ppo },
  };
  writeFileSync(path.join(folder, 'run.json'), JSON.stringify(run));
  return folder;
}

describe('a run', () => {
  test.each<[name: string, request: Partial<RunRequest>]>([
    ['all-layers', { ppo: { targetKl: 0.2, klCoefficient: 0.2 } }],
    ['lora', { trainable: { lora: { rank: 2 } } }],
    ['last-block', { trainable: { layers: { last: 1 } }, training: { batchSize: 2, accumulation: 2 } }],
  ])('%s: stopped and gone on with is the same as uninterrupted, bit for bit', async (name, request) => {
    const whole = await runFolder(`${name}-whole`, request);
    const parts = await runFolder(`${name}-parts`, request);
    await trained(whole);
    for (const stopAfter of [1, 3]) expect(await trained(parts, stopAfter)).toBeUndefined();
    await trained(parts);
    expect(metricsOf(parts)).toEqual(metricsOf(whole));
    expect(samplesOf(parts)).toEqual(samplesOf(whole));
    if (!('trainable' in request)) expect(weightsOf(parts).equals(weightsOf(whole))).toBe(true);
  });

  test('tells what contracts ask of it, and keeps its value head', async () => {
    const folder = await runFolder('told', { ppo: { targetKl: 0.2 }, training: { checkpointEvery: 2 } });
    const result = await trained(folder);
    const [before, ...lines] = metricsOf(folder);
    expect(before).toMatchObject({ step: 0, evalKl: 0, trainKl: 0 });
    expect(before?.['evalScoreMean']).toBeGreaterThanOrEqual(0);
    const names = [
      'kl',
      'entropy',
      'scoreMean',
      'returnMean',
      'policyLoss',
      'valueLoss',
      'clipFraction',
      'approximateKl',
    ];
    for (const name of ['loss', 'gradientNorm', 'klCoefficient', ...names])
      expect(lines[0]?.[name]).toBeTypeOf('number');
    expect(lines[0]?.['kl']).toBe(0); // nothing is trained yet
    expect(Object.keys(result?.metrics ?? {})).toEqual(['train', 'validation']);
    expect(samplesOf(folder).every(({ score }) => score === 0 || score === 1)).toBe(true);
    for (const saved of ['model', 'checkpoints/step-000002']) {
      const tensors = await readHeader(path.join(folder, saved, 'model.safetensors'));
      expect(tensors.get('v_head.summary.weight')?.shape).toEqual([1, 24]);
      expect(tensors.get('v_head.summary.bias')?.shape).toEqual([1]);
    }
    const state = JSON.parse(readFileSync(path.join(folder, 'checkpoints/step-000002/state.json'), 'utf8'));
    expect(state.kept.klCoefficient).not.toBe(0.05);
  });
});

const samplesOf = (folder: string): SampleLine[] =>
  readFileSync(path.join(folder, 'samples.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as SampleLine);

describe('what a policy may come to', () => {
  const learnerOf = (ppo: RunRequest['ppo']) => openFixtureLearner({ ppo: { maxNewTokens: 5, ...RULE, ...ppo } });
  const prompts = {
    examples: { ...examplesOf([[5, 6, 7], [8], [9, 10]]), promptTokens: Int32Array.of(3, 1, 2) },
    rows: [0, 1, 2],
  };
  const call = { draw: 'test', kept: {}, breathe: async () => {} };

  test('nothing but empty answers: each is the token that ends it, and all figures are numbers', async () => {
    const learner = await learnerOf({});
    await endAlways(learner, true);
    const { batches, sums } = (await learner.collector?.collect([prompts], call)) ?? {};
    expect(Array.from(batches?.[0]?.examples.ids ?? [])).toEqual([5, 6, 7, END, 8, END, 9, 10, END]);
    expect(Object.values(sums ?? {}).every(({ sum }) => Number.isFinite(sum))).toBe(true);
    const figures = await learner.accumulate(batches?.[0] as typeof prompts, 3, { seed: 1, step: 1, microBatch: 0 });
    expect(figures.lossSum).toBeTypeOf('number');
    expect(Number.isFinite(figures.lossSum)).toBe(true);
    await learner.dispose();
  });

  test('one single token in all: it has no deviation, and still teaches a value', async () => {
    const learner = await learnerOf({ whitenRewards: true });
    await endAlways(learner, true);
    const { batches } = (await learner.collector?.collect([{ ...prompts, rows: [1] }], call)) ?? {};
    const { advantages, returns } = batches?.[0]?.examples.experience ?? {};
    expect(Array.from(advantages ?? [])).toEqual([0]);
    expect(returns?.every(Number.isFinite)).toBe(true);
    await learner.dispose();
  });

  test('an answer that never ends is cut, and scored as it is', async () => {
    const learner = await learnerOf({});
    await endAlways(learner, false);
    const { batches } = (await learner.collector?.collect([prompts], call)) ?? {};
    const { experience, offsets } = batches?.[0]?.examples ?? {};
    expect(offsets).toEqual([0, 8, 14, 21]);
    expect(experience?.offsets).toEqual([0, 5, 10, 15]); // no state after the last token
    await learner.dispose();
  });

  test('weights that are no numbers are told, not trained on', async () => {
    const learner = await learnerOf({});
    learner.parameters[0]?.values.fill(Number.NaN);
    await expect(learner.collector?.collect([prompts], call)).rejects.toMatchObject({ code: 'weights-not-a-number' });
    await learner.dispose();
  });
});

/** Moves the final norm so far along a token's embedding that it comes next, always or never. */
async function endAlways({ parameters }: Awaited<ReturnType<typeof openLearner>>, always: boolean): Promise<void> {
  const named = (name: string) => parameters.find(parameter => parameter.name === `transformer.${name}`)?.values;
  const [bias, embeddings] = [named('ln_f.bias'), named('wte.weight')];
  const end = embeddings?.subarray(0, bias?.length) ?? [];
  bias?.set(Array.from(end, value => value * (always ? 1000 : -1000)));
}

const openFixtureLearner = (request: Partial<RunRequest>) => {
  const spec = complete({ method: 'ppo', model: MODEL, dataset: { file: 'a.json' }, ...request });
  return openLearner({ ...spec, device: 'cpu' }, { folder: MODEL });
};

describe('a reward model', () => {
  test.each([
    ['of several labels', path.join(FIXTURES, 'models/classifier'), 'not-a-reward-model', /3 labels/],
    ['that is a language model', MODEL, 'not-a-reward-model', /no score\.weight/],
    ['that is gone', path.join(scratch, 'gone'), 'config-missing', /gone/],
  ])('%s is refused', async (_, rewardModel, code, message) => {
    const opened = openFixtureLearner({ ppo: { rewardModel } });
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  const REWARD = path.join(FIXTURES, 'models/reward');

  test('of another vocabulary is refused, by the first token that differs', async () => {
    const folder = path.join(scratch, 'other-vocabulary');
    cpSync(REWARD, folder, { recursive: true });
    const file = path.join(folder, 'tokenizer.json');
    const definition = JSON.parse(readFileSync(file, 'utf8'));
    const { vocab } = definition.model;
    const [one, other] = Object.keys(vocab).slice(50, 52) as [string, string];
    [vocab[one], vocab[other]] = [vocab[other], vocab[one]];
    writeFileSync(file, JSON.stringify(definition));
    const tokenizer = await loadTokenizer(MODEL);
    const refused = requireRewardModel(folder, { tokenizer, longest: 32 });
    await expect(refused).rejects.toMatchObject({ code: 'reward-tokenizer', message: expect.stringContaining(other) });
  });

  test('of a shorter context than answers may need is refused', async () => {
    const tokenizer = await loadTokenizer(MODEL);
    await expect(requireRewardModel(REWARD, { tokenizer, longest: 32 })).resolves.toBeUndefined();
    const refused = requireRewardModel(REWARD, { tokenizer, longest: 33 });
    await expect(refused).rejects.toMatchObject({ code: 'reward-context', message: expect.stringMatching(/32.*33/) });
  });
});

describe('a reward rule', () => {
  test.each<[rule: Parameters<typeof ruleOf>[0], text: string, label: number | null, earned: boolean]>([
    [{ contains: 'good' }, 'so goodness', null, true],
    [{ contains: 'good' }, 'Good', null, false],
    [{ startsWith: 'Yes' }, 'Yes, it is', null, true],
    [{ startsWith: 'Yes' }, ' Yes', null, false],
    [{ regex: '^\\p{Lu}' }, 'Élan', null, true],
    [{ regex: '^\\d+$' }, '12a', null, false],
    [{ label: true }, ' positive, of course', 1, true],
    [{ label: true }, 'positively', 1, false],
    [{ label: true }, 'negative', 1, false],
    [{ label: true }, 'positive', null, false],
    [{ label: true }, '', 0, false],
  ])('%j of %j', (rule, text, label, earned) => {
    expect(ruleOf(rule, ['negative', 'positive'])(text, label)).toBe(earned);
  });
});
