import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { commands } from '../../../../src/host/commands/table.ts';

vi.mock('vscode', () => ({ EventEmitter: class {}, Uri: class {} }));

const json = (file: string) => JSON.parse(readFileSync(new URL(`../../../../${file}`, import.meta.url), 'utf8'));
const manifest = json('package.json');
const titles = json('package.nls.json') as Record<string, string>;
const contributed = manifest.contributes.commands as { command: string; title: string }[];
const palette = manifest.contributes.menus.commandPalette as { command: string; when: string }[];

test('every command of package.json has a home, and every home a command', () => {
  expect(Object.keys(commands).sort()).toEqual(contributed.map(({ command }) => command).sort());
});

test.each(Object.entries(commands))('%s is hidden from the palette as its home says', (id, { when }) => {
  expect(palette.find(({ command }) => command === id)?.when).toBe(when);
});

test('whatever package.json names by a key is told', () => {
  const keys = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key as string);
  expect(keys.filter(key => !titles[key])).toEqual([]);
  expect(Object.keys(titles).filter(key => !keys.includes(key))).toEqual([]);
});

test('menus, key bindings and welcome texts name commands that exist', () => {
  const { menus, keybindings } = manifest.contributes;
  const used = [...Object.values(menus).flat(), ...keybindings].map(item => (item as { command: string }).command);
  const linked = Object.values(titles).flatMap(text => [...text.matchAll(/command:([\w.]+)/g)].map(([, id]) => id));
  for (const id of [...used, ...linked]) expect(commands).toHaveProperty([id as string]);
});

test('a workspace without trust gives no setting', () => {
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  expect(restrictedConfigurations).toEqual(Object.keys(manifest.contributes.configuration.properties));
});
