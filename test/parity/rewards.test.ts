import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRewardHead } from '../../src/evaluation/classify/head.ts';
import { rewardsOf } from '../../src/evaluation/compare/rewards.ts';
import { loadGpt2 } from '../../src/gpt2/load.ts';
import { onBestDevice } from '../../src/onnx/devices.ts';
import { complete } from '../../src/protocol/run/defaults.ts';
import type { Pooling } from '../../src/protocol/run/spec.ts';
import { loadTokenizer } from '../../src/tokenizer/load.ts';
import { openRewardModel } from '../../src/training/experience/rewardModel.ts';
import { REWARDS } from './training/expected.ts';

const REWARD = path.resolve('test/parity/training/fixtures/models/reward');
const scratch = mkdtempSync(path.join(tmpdir(), 'lm-lab-rewards-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The reward model with another pooling; padded further than any answer reaches. */
function pooling(name: Pooling): string {
  const folder = path.join(scratch, name);
  cpSync(REWARD, folder, { recursive: true });
  const file = path.join(folder, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  const own = { pooling: name, paddedLength: name === 'position' ? 24 : null, hidden: null, bias: false };
  writeFileSync(file, JSON.stringify({ ...config, lm_lab: own }));
  return folder;
}

it.each<Pooling>(['last', 'first', 'mean', 'position'])(
  'comparing scores answers by a reward model as PPO does, pooling %s',
  async name => {
    const folder = pooling(name);
    const model = await loadGpt2(folder, { device: 'cpu', threads: 1 });
    const tokenizer = await loadTokenizer(folder);
    const spec = complete({ method: 'ppo', model: folder, dataset: { file: 'a.json' }, ppo: { rewardModel: folder } });
    const scorer = await onBestDevice('cpu', 1, device =>
      openRewardModel({ spec, padId: null }, folder, { tokenizer, device }),
    );
    // An answer's end is not shown to a reward model.
    const answers = REWARDS.map(({ prompt, response }) => ({
      prompt,
      response: response.filter(id => id !== tokenizer.endOfText),
      label: null,
    }));
    const [compared, trained] = [
      await rewardsOf(
        model,
        await readRewardHead(folder, model.config.width),
        answers.map(({ prompt, response }) => ({ ids: [...prompt, ...response] })),
      ),
      await scorer.score(answers),
    ];
    const differences = trained.map((score, at) => Math.abs(score - (compared[at] as number)));
    console.log(`${name}: ${Math.max(...differences).toExponential(1)}`);
    expect(Math.max(...differences)).toBeLessThan(1e-4);
    expect(new Set(trained.map(score => score.toFixed(4))).size).toBeGreaterThan(1);
    await Promise.all([model.dispose(), scorer.dispose()]);
  },
);
