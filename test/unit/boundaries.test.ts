import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** One forbidden import for each rule of the architecture: who, what, and what the linter should answer. */
const forbidden = [
  ['src/protocol/planted.ts', '../models/folder.ts', 'declare the type in protocol/'],
  ['src/host/commands/planted.ts', '../../engine/service.ts', 'ask the engine, through protocol/'],
  ['src/host/planted.ts', '../models/folder.ts', 'ask the engine, through protocol/'],
  ['src/cli/planted.ts', '../gpt2/model.ts', "asks the engine's service"],
  ['src/engine/planted.ts', '../host/settings.ts', 'does not know who asks'],
  ['src/engine/planted2.ts', '../cli/main.ts', 'does not know who asks'],
  ['src/trainer/planted.ts', '../engine/service.ts', 'through its run folder'],
  ['src/scoring/planted.ts', '../engine/service.ts', 'take what it needs as an argument'],
  ['src/training/methods/planted.ts', '../../trainer/main.ts', 'take what it needs as an argument'],
  ['src/gpt2/planted.ts', '../scoring/score.ts', 'does not know what is done with it'],
  ['src/autodiff/planted.ts', '../gpt2/model.ts', 'nothing of models'],
  ['src/onnx/operators/planted.ts', '../../gpt2/model.ts', 'nothing of models'],
  ['src/folders/planted.ts', '../training/loop.ts', 'does not know what work it is'],
  ['src/tokenizer/planted.ts', '../models/folder.ts', 'a leaf'],
  ['src/data/planted.ts', '../tokenizer/load.ts', 'a leaf'],
  ['src/models/planted.ts', '../onnx/graph.ts', 'a leaf'],
  ['src/extension.ts', './engine/service.ts', 'composes what host/ offers'],
  ['webview-ui/tokenProbabilities/planted.ts', '../../src/host/format.ts', 'protocol/panels/'],
  ['src/attic/planted.ts', '../gpt2/model.ts', 'not among the rooms'],
  ['src/engine/planted3.ts', 'vscode', 'Only host/ imports vscode'],
  ['src/scoring/planted2.ts', 'onnxruntime-node', 'Only onnx/ loads the runtime'],
  ['src/host/planted2.ts', 'onnxruntime-node', 'Only onnx/ loads the runtime'],
  ['webview-ui/shared/planted.ts', '@vscode/webview-ui-toolkit', 'webview-ui/shared/controls.ts'],
] as const;

const permitted = [
  ['src/host/commands/planted.ts', '../models/view.ts'],
  ['src/host/panels/planted.ts', 'vscode'],
  ['src/cli/planted.ts', '../engine/service.ts'],
  ['src/engine/planted.ts', '../scoring/score.ts'],
  ['src/scoring/planted.ts', '../protocol/result.ts'],
  ['src/gpt2/planted.ts', '../models/weights.ts'],
  ['src/onnx/planted.ts', 'onnxruntime-node'],
  ['webview-ui/tokenProbabilities/planted.ts', '../../src/protocol/heat.ts'],
  ['webview-ui/shared/controls.ts', '@vscode/webview-ui-toolkit'],
] as const;

describe('import directions', () => {
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'lm-lab-lint-'));
  afterAll(() => rmSync(workspace, { recursive: true }));

  let refused: Map<string, string>;
  let allowed: Map<string, string>;
  beforeAll(() => {
    refused = lint(workspace, 'refused', forbidden);
    allowed = lint(workspace, 'allowed', permitted);
  });

  test.each(forbidden)('%s must not import %s', (file, _, sentence) => {
    expect(refused.get(file)).toContain(sentence);
  });

  test.each(permitted)('%s may import %s', file => {
    expect(allowed.get(file)).toBeUndefined();
  });
});

/** Writes each file with its import into a checkout of its own and returns what oxlint says of each. */
function lint(workspace: string, name: string, imports: ReadonlyArray<readonly [string, string, string?]>) {
  const checkout = path.join(workspace, name);
  for (const [file, specifier] of imports) {
    mkdirSync(path.join(checkout, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(checkout, file), `export * from '${specifier}';\n`);
  }
  const oxlint = path.join(root, 'node_modules', '.bin', 'oxlint');
  const { stdout } = spawnSync(oxlint, ['-c', path.join(root, '.oxlintrc.json'), '--format=json', '.'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: Array<{ code: string; filename: string; message: string }>;
  };
  const directions = diagnostics.filter(({ code }) => code === 'rooms(import-directions)');
  return new Map(directions.map(({ filename, message }) => [filename, message]));
}
