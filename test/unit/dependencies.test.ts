import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import extension from '../../package.json' with { type: 'json' };
import host from '../host/package.json' with { type: 'json' };

test('every package has a line that says what it is for, and every line a package', () => {
  const lines = readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| (?!package )([^|]+) \|/gm);
  const explained = [...lines].flatMap(([, names = '']) => names.split(', ').map(name => name.split(' ')[0]));
  const { dependencies, devDependencies, optionalDependencies } = extension;
  const used = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...host.dependencies });
  const names = used.map(name => name.replace(/^@types\/.*/, '@types/*'));
  expect(new Set(explained)).toEqual(new Set(names));
});
