import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorWith, hoversAt, lab, type OpenedLab, until } from './lab.ts';

const TEXT = 'The movie was full of surprises';

describe('Hover', () => {
  let editorLab: OpenedLab;
  before(async () => {
    editorLab = await lab();
  });
  afterEach(async () => {
    await vscode.workspace.getConfiguration('lmLab').update('hover.enabled', undefined, true);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('tells ten next tokens, which one stands there, and the context as it was cut', async () => {
    const { document } = await editorWith(TEXT);
    const [hover, ...others] = await hoversAt(document, 16); // in the middle of " full", which starts at 13
    assert.deepEqual(others, []);
    assert.ok(hover);
    assert.equal(hover.match(/command:lmLab\.writeToken/g)?.length, 10);
    assert.match(hover.replaceAll('&nbsp;', ''), /\w+ likeliest \| [\d.]+ % \| ·full \| 1336/);
    assert.match(hover, /after The <sub>464<\/sub> │ ·movie <sub>3807<\/sub> │ ·was <sub>373<\/sub>/);
    assert.match(hover, /starter · cpu/);
  });

  it('inserts what is clicked where the token starts', async () => {
    const { document } = await editorWith(TEXT);
    const [hover] = await hoversAt(document, 16);
    const argument = /command:lmLab\.writeToken\?([^ )]+)/.exec(hover ?? '')?.[1] ?? '';
    const [token] = JSON.parse(decodeURIComponent(argument));
    await vscode.commands.executeCommand('lmLab.writeToken', token);
    assert.equal(document.getText(), `The movie was${token.text} full of surprises`);
  });

  it('leaves a trailing space out of the context, and a token takes its place', async () => {
    const { document } = await editorWith('The movie was full of ');
    const [hover] = await hoversAt(document, document.getText().length);
    assert.match(hover ?? '', /next token/);
    const argument = /command:lmLab\.writeToken\?([^ )]+)/.exec(hover ?? '')?.[1] ?? '';
    const [token] = JSON.parse(decodeURIComponent(argument));
    assert.deepEqual([token.start, token.end], [21, 22]);
  });

  it('is one hover where heat stands', async () => {
    const { document } = await editorWith(TEXT);
    await vscode.commands.executeCommand('lmLab.scorePerplexity');
    const parts = await hoversAt(document, 24);
    assert.equal(parts.length, 2);
    assert.match(parts[0] ?? '', /·surprises.* bits · entropy .* bits[^]*write instead: .*writeToken/);
    assert.match(parts[1] ?? '', /likeliest, given all before it/);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      document.positionAt(24),
    );
    assert.equal(hovers.length, 1);
  });

  it('is silent in code, and where it is switched off', async () => {
    const code = await editorWith(TEXT, 'javascript');
    assert.deepEqual(
      (await hoversAt(code.document, 16)).filter(text => text.includes('lmLab')),
      [],
    );
    await vscode.commands.executeCommand('lmLab.toggleHover');
    const prose = await editorWith(TEXT);
    assert.deepEqual(await hoversAt(prose.document, 16), []);
  });

  it('the newest wins: of many at once, the last is answered', async () => {
    const { document } = await editorWith(TEXT);
    const all = await Promise.all([1, 5, 11, 16, 20].map(offset => hoversAt(document, offset)));
    assert.match(all.at(-1)?.[0] ?? '', /·of/);
    await until(
      () => editorLab.process.state,
      state => state !== 'busy',
    );
  });
});
