import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  const extension = vscode.extensions.getExtension('lm-lab.lm-lab');

  it('registers every command that package.json contributes', async () => {
    assert.ok(extension, 'the extension is not installed');
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed: Array<{ command: string }> = extension.packageJSON.contributes.commands;
    assert.ok(contributed.length > 0);
    assert.deepEqual(
      contributed.map(({ command }) => command).filter(command => !registered.has(command)),
      [],
    );
  });

  it('loads nothing native into the extension host', async () => {
    await extension?.activate();
    const report = process.report.getReport() as unknown as { sharedObjects: string[] };
    assert.ok(report.sharedObjects.length > 0);
    assert.deepEqual(
      report.sharedObjects.filter(file => /onnxruntime/.test(file)),
      [],
    );
  });
});
