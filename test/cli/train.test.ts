import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { MetricsLine, RunResult, RunStatus, SampleLine } from '../../src/protocol/run/folder.ts';
import type { RunRequest, RunSpec } from '../../src/protocol/run/spec.ts';
import { NODES, run, scratch, start } from './run.ts';

const MODEL = path.resolve('test/parity/fixtures/as-published');
const ROWS = Array.from({ length: 40 }, (_, row) => ({
  prompt: `After ${row} comes`,
  completion: ` ${row + 1}${row % 3 === 0 ? ', of course' : ''}.`,
  kind: row % 2 === 0 ? 'even' : 'odd',
}));
const data = path.join(scratch, 'numbers.json');
writeFileSync(data, JSON.stringify(ROWS));

const SFT: RunRequest = {
  method: 'sft',
  model: path.relative(scratch, MODEL).replace(/^(?!\.)/, './'),
  dataset: { file: './numbers.json' },
  training: {
    maxSteps: 30,
    batchSize: 4,
    maxLength: 60,
    dropout: 0.1,
    learningRate: 1e-3,
    evaluateEvery: 10,
    checkpointEvery: 4,
  },
};

function written(name: string, request: unknown): string {
  const file = path.join(scratch, name);
  writeFileSync(file, typeof request === 'string' ? request : JSON.stringify(request));
  return file;
}

const json = <T>(...parts: readonly string[]): T => JSON.parse(readFileSync(path.join(...parts), 'utf8')) as T;

const lines = <T>(...parts: readonly string[]): T[] =>
  readFileSync(path.join(...parts), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as T);

/** Without what is a time. */
const metricsOf = (folder: string): MetricsLine[] =>
  lines<MetricsLine>(folder, 'metrics.jsonl').map(line => ({ ...line, elapsedSeconds: 0, tokensPerSecond: 0 }));

/** Waits until a trainer has written so many lines of metrics. */
async function linesToldBy(child: ChildProcess, folder: string, count: number): Promise<void> {
  const file = path.join(folder, 'metrics.jsonl');
  while (!existsSync(file) || readFileSync(file, 'utf8').split('\n').length <= count) {
    if (child.exitCode !== null) throw new Error(`The trainer has ended with ${child.exitCode}.`);
    await delay(2);
  }
}

const folderOf = (stderr: string): string => stderr.split('\n', 1)[0] as string;

describe.each(NODES)('%s', { timeout: 120_000 }, node => {
  const runs = path.join(
    scratch,
    path.basename(path.dirname(path.dirname(node))),
    NODES.indexOf(node).toString(),
    '.lm-lab',
    'runs',
  );
  const train = (...args: string[]) => run(node, ['train', ...args, '--runs-folder', runs, '--json']);

  it('trains: the folder’s path first, the result’s content at the end, and everything in the folder', async () => {
    const { code, stdout, stderr } = await train(written('sft.run.json', SFT));
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const folder = folderOf(stderr);
    expect(path.dirname(folder)).toBe(runs);
    expect(path.basename(folder)).toMatch(/^\d{4}-\d\d-\d\dT.*-numbers-sft$/);
    expect(readFileSync(path.join(runs, '..', '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(folder).sort()).toEqual([
      'checkpoints',
      'data',
      'log.txt',
      'metrics.jsonl',
      'model',
      'result.json',
      'run.json',
      'samples.jsonl',
      'split.json',
      'status.json',
    ]);
    const result = JSON.parse(stdout) as RunResult;
    expect(json(folder, 'result.json')).toEqual(result);
    expect(result).toMatchObject({
      steps: 30,
      wallSeconds: expect.any(Number),
      specHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Object.keys(result.metrics)).toEqual(['train', 'validation', 'test']);
    expect(json<RunStatus>(folder, 'status.json')).toMatchObject({
      state: 'finished',
      step: 30,
      totalSteps: 30,
      device: 'cpu',
    });
    expect(json<RunSpec>(folder, 'run.json').training).toMatchObject({ weightDecay: 0.1, seed: 123 });
    const metrics = lines<MetricsLine>(folder, 'metrics.jsonl');
    expect(metrics.filter(({ loss }) => loss !== undefined).map(({ step }) => step)).toEqual(
      [...Array(30).keys()].map(n => n + 1),
    );
    const evaluations = metrics.filter(({ evalLoss }) => evalLoss !== undefined);
    expect(evaluations.map(({ step }) => step)).toEqual([0, 10, 20, 30]);
    expect(evaluations.at(-1)?.evalLoss).toBeLessThan(evaluations[0]?.evalLoss as number);
    const samples = lines<SampleLine>(folder, 'samples.jsonl');
    expect(samples.length).toBe(4 * 2); // two rows for validation
    expect(samples[0]).toMatchObject({
      step: 0,
      prompt: expect.stringMatching(/^After \d+ comes$/),
      reference: expect.stringMatching(/^ \d+/),
    });
  });

  it('a classifier’s result has its confusion, and the model folder can be trained on', async () => {
    const request: RunRequest = {
      ...SFT,
      method: 'classification',
      dataset: { file: './numbers.json', columns: { text: 'prompt', label: 'kind' } },
      training: { ...SFT.training, maxSteps: 3 },
    };
    const { stdout, stderr } = await train(written('classification.run.json', request));
    const { confusion, metrics } = JSON.parse(stdout) as RunResult;
    expect(confusion?.train?.labels).toEqual(['even', 'odd']);
    expect(confusion?.train?.counts.flat().reduce((sum, count) => sum + count)).toBe(34);
    expect(metrics.test?.['accuracy']).toBeGreaterThanOrEqual(0);
    const next = await train(written('again.run.json', { ...request, model: path.join(folderOf(stderr), 'model') }));
    expect(next).toMatchObject({ code: 0 });
  });

  it('Ctrl+C saves and ends with 130; gone on with it is the run that was not interrupted', async () => {
    const whole = folderOf((await train(written('whole.run.json', SFT))).stderr);
    const file = written('interrupted.run.json', SFT);
    const { process: child, outcome } = start(node, ['train', file, '--runs-folder', runs, '--json']);
    const [first] = (await once(child.stderr as NodeJS.ReadableStream, 'data')) as [Buffer];
    const folder = folderOf(first.toString());
    await linesToldBy(child, folder, 4);
    child.kill('SIGINT');
    const { code, stdout } = await outcome;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'cancelled', message: expect.stringContaining(folder) },
    });
    const { state, step } = json<RunStatus>(folder, 'status.json');
    expect(state).toBe('stopped');
    expect(step).toBeLessThan(30);
    expect(readdirSync(path.join(folder, 'model'))).toContain('model.safetensors');
    expect(readdirSync(path.join(folder, 'checkpoints')).at(-1)).toBe(`step-${String(step).padStart(6, '0')}`);

    const resumed = await run(node, ['train', '--resume', folder, '--json']);
    expect(resumed.code).toBe(0);
    expect(folderOf(resumed.stderr)).toBe(folder);
    expect(metricsOf(folder)).toEqual(metricsOf(whole));
    expect(lines(folder, 'samples.jsonl')).toEqual(lines(whole, 'samples.jsonl'));
    expect(json<RunResult>(folder, 'result.json').metrics).toEqual(json<RunResult>(whole, 'result.json').metrics);
    const weights = (run: string): Buffer => readFileSync(path.join(run, 'model', 'model.safetensors'));
    expect(weights(folder).equals(weights(whole))).toBe(true);
  });

  it('without --json a run ends with a table', async () => {
    const file = written('short.run.json', { ...SFT, training: { ...SFT.training, maxSteps: 1 } });
    const { stdout } = await run(node, ['train', file, '--runs-folder', runs]);
    expect(stdout).toMatch(/^1 steps in .*\n +loss\ntrain +\d/);
  });

  it('writes a run that PyTorch trains elsewhere, and trains nothing itself', async () => {
    const target = path.join(runs, 'exported');
    const { stdout, code } = await train(written('export.run.json', SFT), '--export', target);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ folder: target, command: `sh ${path.join(target, 'train.sh')}` });
    const expected = [
      'README.txt',
      'data',
      'python',
      'run.json',
      'split.json',
      'starting-model',
      'train.sbatch',
      'train.sh',
    ];
    expect(readdirSync(target).sort()).toEqual(expected);
    expect(readdirSync(path.join(target, 'python', 'lm_lab_torch'))).toContain('__main__.py');
    expect(json<RunSpec>(target, 'run.json')).toMatchObject({ backend: 'torch', model: './starting-model' });
    const again = await train(written('export.run.json', SFT), '--export', target);
    expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'folder-not-empty' } });
  });

  const refused = (name: string, change: Partial<RunRequest>): string =>
    written(`${name}.run.json`, { ...SFT, ...change });
  it.each<[name: string, args: string[], expectedCode: number, code: string, told: string]>([
    ['no run.json', [], 2, 'wrong-usage', 'run.json'],
    ['both', ['a.json', '--resume', 'b'], 2, 'wrong-usage', 'run.json'],
    ['a file that is not there', [path.join(scratch, 'none.json')], 1, 'file-unreadable', 'none.json'],
    ['no JSON', [written('broken.run.json', '{ "method": ')], 1, 'run-not-json', 'broken.run.json'],
    [
      'a field that is wrong',
      [refused('rate', { training: { learningRate: -1 } })],
      1,
      'run-invalid',
      'training.learningRate',
    ],
    [
      'a column that is missing',
      [refused('column', { dataset: { file: data, columns: { completion: 'answer' } } })],
      1,
      'column-missing',
      'answer',
    ],
    ['a model that is not there', [refused('model', { model: './nowhere' })], 1, 'model-folder-gone', 'nowhere'],
    ['a folder that is no run', ['--resume', scratch], 1, 'run-missing', scratch],
  ])('%s is told', async (_, args, expectedCode, code, told) => {
    const { code: exitCode, stdout } = await run(node, [
      'train',
      ...args,
      ...(args.includes('--resume') ? [] : ['--runs-folder', runs]),
      '--json',
    ]);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; remedy: string } };
    expect({ exitCode, code: error.code }).toEqual({ exitCode: expectedCode, code });
    expect(error.message).toContain(told);
    expect(error.remedy).not.toBe('');
  });
});

describe('the trainer as a process of its own', { timeout: 120_000 }, () => {
  const CLASSES = { columns: { text: 'prompt', label: 'kind' } };
  const HIDDEN = { hidden: { size: 8, activation: 'relu', dropout: 0.1 } } as const;
  const LORA = { lora: { rank: 4, dropout: 0.1 } };

  it.each<[name: string, request: Partial<RunRequest>]>([
    ['all of it', {}],
    ['an adapter', { trainable: LORA }],
    ['the last block, its dropout beside', { trainable: { layers: { last: 1 } } }],
    ['a head over blocks at rest', { method: 'classification', trainable: { layers: 'head' }, classification: HIDDEN }],
    ['random weights', { initialize: 'random', training: { ...SFT.training, optimizer: 'sgd', momentum: 0.9 } }],
  ])('killed while it trains %s, and gone on with, it is the run that was not interrupted', async (name, request) => {
    const dataset = { file: data, ...(request.method === 'classification' && CLASSES) };
    const folder = (kind: string): string => {
      const made = path.join(scratch, 'trainer', name, kind);
      mkdirSync(made, { recursive: true });
      writeFileSync(path.join(made, 'run.json'), JSON.stringify({ ...SFT, model: MODEL, ...request, dataset }));
      return made;
    };
    const trainer = (run: string) =>
      spawn(NODES[0] as string, [path.resolve('dist/trainer.cjs'), run], { stdio: 'inherit' });
    const [whole, killed] = [folder('whole'), folder('killed')];
    expect(await once(trainer(whole), 'close')).toEqual([0, null]);
    for (const lines of [3, 15]) {
      const child = trainer(killed);
      await linesToldBy(child, killed, lines);
      child.kill('SIGKILL');
      await once(child, 'close');
      expect(json<RunStatus>(killed, 'status.json').state).toBe('running');
    }
    expect(await once(trainer(killed), 'close')).toEqual([0, null]);
    expect(metricsOf(killed)).toEqual(metricsOf(whole));
    const { metrics } = json<RunResult>(whole, 'result.json');
    expect(json<RunResult>(killed, 'result.json').metrics).toEqual(metrics);
  });

  it('goes on when the model that it began with is removed, before and after it is killed', async () => {
    const [model, folder] = [path.join(scratch, 'removed', 'model'), path.join(scratch, 'removed', 'run')];
    cpSync(MODEL, model, { recursive: true });
    mkdirSync(folder);
    writeFileSync(
      path.join(folder, 'run.json'),
      JSON.stringify({ ...SFT, model: '../model', dataset: { file: data } }),
    );
    const trainer = () => spawn(NODES[0] as string, [path.resolve('dist/trainer.cjs'), folder], { stdio: 'inherit' });
    const child = trainer();
    await linesToldBy(child, folder, 3);
    rmSync(model, { recursive: true });
    await linesToldBy(child, folder, 15);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await once(trainer(), 'close')).toEqual([0, null]);
    const prompt = ['--prompt', 'After 3 comes', '--decoding', 'greedy', '--max-new-tokens', '4'];
    const written = await run(NODES[0] as string, ['generate', '--model', path.join(folder, 'model'), ...prompt]);
    expect(written).toMatchObject({ code: 0, stdout: expect.stringMatching(/./) });
  });
});
