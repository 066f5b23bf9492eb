import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import extension from '../../package.json' with { type: 'json' };
import host from '../host/package.json' with { type: 'json' };

const [ofNode = '', ofPython = ''] = readFileSync('docs/dependencies.md', 'utf8').split('## Of the backend torch');

/** The packages that the rows of a text's tables name. */
function explained(text: string): Set<string> {
  const lines = text.matchAll(/^\| (?!package )([^|]+) \|/gm);
  return new Set([...lines].flatMap(([, names = '']) => names.split(', ').map(name => name.split(' ')[0] as string)));
}

test('every package has a line that says what it is for, and every line a package', () => {
  const { dependencies, devDependencies, optionalDependencies } = extension;
  const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...host.dependencies });
  expect(explained(ofNode)).toEqual(new Set(used.map(name => name.replace(/^@types\/.*/, '@types/*'))));
});

test('so has every package of Python', () => {
  const required = readFileSync('python/requirements.txt', 'utf8').matchAll(/^([a-z]+)\b/gm);
  expect(explained(ofPython)).toEqual(new Set([...required].map(([, name]) => name)));
});
