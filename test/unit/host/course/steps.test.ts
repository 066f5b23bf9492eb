import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { commands } from '../../../../src/host/commands/table.ts';
import { COURSE_STEPS } from '../../../../src/host/course/steps.ts';

vi.mock('vscode', () => ({ EventEmitter: class {}, Uri: class {} }));

const root = path.resolve(import.meta.dirname, '../../../..');
const read = (...parts: string[]): string => readFileSync(path.join(root, ...parts), 'utf8');
const titles = JSON.parse(read('package.nls.json')) as Record<string, string>;
const [course] = JSON.parse(read('package.json')).contributes.walkthroughs as [Walkthrough];

interface Walkthrough {
  readonly steps: ReadonlyArray<{ description: string; media: { image: string }; completionEvents?: string[] }>;
}

test('the walkthrough’s buttons are the steps that there are, in the same order', () => {
  const linked = course.steps.flatMap(({ description }) => {
    const text = titles[description.replaceAll('%', '')] as string;
    return [...text.matchAll(/command:lmLab\.courseStep\?([^)]+)\)/g)].map(([, name]) =>
      JSON.parse(decodeURIComponent(name as string)),
    );
  });
  expect(linked).toEqual(Object.keys(COURSE_STEPS));
});

test('its pictures are in the package', () => {
  for (const { media } of course.steps) expect(existsSync(path.join(root, media.image))).toBe(true);
});

test('a step is ticked off when its own button was pressed', () => {
  const keys = Object.keys(COURSE_STEPS).map(name => [`onContext:lmLab.courseStepDone.${name}`]);
  expect(course.steps.map(({ completionEvents }) => completionEvents)).toEqual(keys);
});

test.each(Object.entries(COURSE_STEPS))('step %s finds its file, its text and its command', (_, step) => {
  if (step.file) expect(existsSync(path.join(root, 'samples', step.file))).toBe(true);
  if (typeof step.select === 'string') expect(read('samples', step.file as string)).toContain(step.select);
  if (step.command?.startsWith('lmLab.')) expect(commands).toHaveProperty([step.command]);
});
