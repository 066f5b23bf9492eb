import { cpSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { NODES, run, scratch } from './run.ts';

const FIXTURE = path.resolve('test/parity/fixtures/head-size-12');

/** A copy of a good model folder with one thing wrong. */
function broken(name: string, spoil: (folder: string) => void): string {
  const folder = path.join(scratch, name);
  cpSync(FIXTURE, folder, { recursive: true });
  spoil(folder);
  return folder;
}

const changeConfig = (folder: string, change: Record<string, unknown>): void => {
  const file = path.join(folder, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...config, ...change }));
};

const weights = 'model.safetensors';
const MODELS = {
  'a llama': broken('llama', folder =>
    changeConfig(folder, { model_type: 'llama', architectures: ['LlamaForCausalLM'] }),
  ),
  'cut weights': broken('cut', folder => truncateSync(path.join(folder, weights), 20_000)),
  'garbage for weights': broken('garbage', folder =>
    writeFileSync(path.join(folder, weights), 'not a safetensors file'),
  ),
  'more layers than weights': broken('layers', folder => changeConfig(folder, { n_layer: 3 })),
  'a smaller vocabulary': broken('vocabulary', folder => changeConfig(folder, { vocab_size: 500 })),
  'no config': broken('no-config', folder => writeFileSync(path.join(folder, 'config.json'), '{')),
  'an empty folder': path.join(scratch, 'empty'),
  'no folder': path.join(scratch, 'nowhere'),
};
mkdirSync(MODELS['an empty folder']);
const blankLines = path.join(scratch, 'blank.txt');
writeFileSync(blankLines, '\n \r\n\t\n');

const MISUSES: ReadonlyArray<readonly [args: string[], message: string | RegExp]> = [
  [['frobnicate'], "'frobnicate'"],
  [['score'], '--text'],
  [['score', '--text', 'a', '--file', 'b'], '--file'],
  [['score', '--text', 'a', '--device', 'abacus'], 'abacus'],
  [['score', '--text', 'a', '--first-token', 'maybe'], 'maybe'],
  [['score', '--text', 'a', '--wrong'], '--wrong'],
  [['next', '--text', 'a', '--top', '-1'], "'-1'"],
  [['next', '--text', 'a', '--precision', 'f17'], 'f17'],
  [['tokenize'], '--text'],
  [['models', 'frobnicate'], /argument/],
  [['models', 'remove'], 'id'],
  [['bench', '--suite', 'none'], 'none'],
];

const lines = path.join(scratch, 'lines.txt');
const request = path.join(scratch, 'lines.run.json');
writeFileSync(lines, 'one\ntwo\n');
writeFileSync(request, JSON.stringify({ method: 'lm', model: 'starter', dataset: { file: 'lines.txt' } }));

/** No folder can be made in /proc, where Node's own way to make one with those above it never ends. */
const unmakable =
  process.platform === 'linux'
    ? [
        ['evaluate', '--task', 'probe', '--file', lines, '--evaluations-folder', '/proc/lm-lab'],
        ['train', request, '--runs-folder', '/proc/lm-lab'],
      ].map(args => ({ name: `${args[0]} in a folder that can't be made`, args, told: '/proc/lm-lab' }))
    : [];

const FAILURES: ReadonlyArray<{ name: string; args: string[]; told: string }> = [
  ...Object.entries(MODELS).map(([name, model]) => ({
    name,
    args: ['score', '--text', 'Some text', '--model', model],
    told: path.basename(model),
  })),
  { name: 'an unknown id', args: ['next', '--text', 'a', '--model', 'no-such-model'], told: 'no-such-model' },
  { name: 'info of nothing', args: ['models', 'info', 'no-such-model'], told: 'no-such-model' },
  { name: 'adding no model', args: ['models', 'add', MODELS['no folder']], told: 'nowhere' },
  { name: 'removing the unknown', args: ['models', 'remove', 'no-such-model'], told: 'no-such-model' },
  { name: 'no file', args: ['score', '--file', path.join(scratch, 'nothing.txt')], told: 'nothing.txt' },
  { name: 'a folder for a file', args: ['score', '--file', scratch], told: 'folder' },
  { name: 'blank lines alone', args: ['score', '--file', blankLines, '--per-line'], told: 'line' },
  ...unmakable,
  { name: 'an empty text', args: ['score', '--text', ''], told: 'empty' },
  {
    name: 'weights of four bits in a Hugging Face folder',
    args: [
      'export',
      '--model',
      'starter',
      '--format',
      'safetensors',
      '--precision',
      'int4',
      '--out',
      `${scratch}/int4`,
    ],
    told: 'int4',
  },
];

describe.each(NODES)('%s', node => {
  it.each(MISUSES)('wrong usage, exit code 2: %j', async (args, message) => {
    const { code, stdout } = await run(node, [...args, '--json']);
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; remedy: string } };
    expect(error).toMatchObject({
      code: 'wrong-usage',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/./),
    });
  });

  it.each(FAILURES)('failure, exit code 1: $name', async ({ args, told }) => {
    const { code, stdout } = await run(node, [...args, '--json']);
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; remedy: string } };
    expect(error.code).not.toBe('unexpected');
    expect(error.message).toContain(told);
    expect(error.remedy).not.toBe('');
  });

  it('without --json a failure is two sentences on standard error', async () => {
    const { code, stdout, stderr } = await run(node, ['score', '--file', path.join(scratch, 'nothing.txt')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/nothing\.txt.*\n.+\n/);
  });

  it('an unknown command is told the commands', async () => {
    const { stderr } = await run(node, ['frobnicate']);
    expect(stderr).toMatch(/The commands are models, tokenize, next, score, .*bench\.\n$/);
  });

  it('no command: help, and exit code 2; help that was asked for: 0', async () => {
    expect(await run(node, [])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: lm-lab'),
    });
    expect(await run(node, ['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('tokenize') });
  });
});
