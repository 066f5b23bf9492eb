import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestOfText } from '../../src/protocol/run/text.ts';
import { scratch } from './run.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(ROOT, 'docs', 'course.md'), 'utf8');

/** The course's commands, section by section, as a reader runs them. */
const SECTIONS = page
  .split(/^## /m)
  .slice(1)
  .map(section => ({
    title: section.split('\n', 1)[0] as string,
    commands: [...section.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
      (block as string).trim().split('\n'),
    ),
  }));

/** Where a reader would be: a folder with the samples, whose requests are cut down to a few steps on a few rows. */
const folder = path.join(scratch, 'course');
mkdirSync(folder);
cpSync(path.join(ROOT, 'samples'), path.join(folder, 'samples'), { recursive: true });
for (const name of readdirSync(path.join(folder, 'samples', 'course'))) {
  const file = path.join(folder, 'samples', 'course', name);
  const request = requestOfText(readFileSync(file, 'utf8'), name);
  const steps = [...(request.dataset.steps ?? []), { take: 24 }];
  const training = {
    ...request.training,
    maxSteps: 2,
    batchSize: 2,
    maxLength: 128,
    tooLong: 'cut',
    evaluationBatches: 1,
  };
  writeFileSync(file, JSON.stringify({ ...request, dataset: { ...request.dataset, steps }, training }));
}

describe.skipIf(process.platform === 'win32')('the course, command by command', { timeout: 600_000 }, () => {
  it.each(SECTIONS)('$title', ({ commands }) => {
    expect(commands).not.toEqual([]);
    for (const command of commands) {
      const words = command.replace(/^lm-lab /, `"${process.execPath}" "${path.join(ROOT, 'dist', 'cli.js')}" `);
      const env = { ...process.env, LM_LAB_HOME: path.join(folder, 'home') };
      const { status, stdout, stderr } = spawnSync('sh', ['-c', words], { cwd: folder, env, encoding: 'utf8' });
      expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
      expect(stdout.trim()).not.toBe('');
    }
  });

  it('leaves a model of every training, and what was written of them', () => {
    const files = readdirSync(path.join(folder, 'course'), { recursive: true, encoding: 'utf8' });
    const models = files.map(file => /^(\w+)[\\/][^\\/]+[\\/]model[\\/]config\.json$/.exec(file)?.[1]).filter(Boolean);
    expect(models.sort()).toEqual(['dpo', 'instructions', 'ppo', 'reward', 'spam']);
    const responses = JSON.parse(readFileSync(path.join(folder, 'course', 'responses.json'), 'utf8')) as unknown[];
    expect(responses).toEqual(new Array(4).fill(expect.objectContaining({ model_response: expect.any(String) })));
  });
});
