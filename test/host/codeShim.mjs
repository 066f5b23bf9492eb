#!/usr/bin/env node
// Stands in for the VS Code executable where there is no display: takes the arguments that @vscode/test-electron
// gives to Code, runs the tests in the VS Code server and a headless browser, and exits as the tests did.
import { setTimeout as pause } from 'node:timers/promises';
import { launchBrowser } from './browser.ts';
import { startServer } from './server.ts';
import { addressOf, remoteUri } from './workbench.ts';

const given = process.argv.slice(2);
const valuesOf = name =>
  given.filter(argument => argument.startsWith(`--${name}=`)).map(argument => argument.slice(name.length + 3));
const folder = given.filter(argument => !argument.startsWith('-')).at(-1);

// The workbench of a browser takes one extension that is being developed; the others are installed.
const [developed, ...others] = valuesOf('extensionDevelopmentPath');
const server = await startServer({ smokeTestDriver: true, extensionsFolder: others });
const browser = await launchBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultNavigationTimeout(120_000); // of a machine that is busy with something else
  const ended = new Promise(resolve => page.exposeFunction('codeAutomationExit', resolve));
  const said = [];
  await page.exposeFunction('codeAutomationLog', (type, values) => said.push([type, ...values].join(' ')));
  await page.goto(
    addressOf(server, folder, [
      ['extensionDevelopmentPath', remoteUri(server, developed)],
      ['extensionTestsPath', remoteUri(server, valuesOf('extensionTestsPath')[0])],
    ]),
  );
  const deadline = pause(300_000, 'late', { ref: false });
  const code = await Promise.race([ended, deadline]);
  if (code !== 0) console.error(said.join('\n'));
  if (code === 'late') console.error('The tests in the extension host did not end within five minutes.');
  process.exitCode = code === 'late' ? 3 : code;
} finally {
  await browser.close();
  await server.stop();
}
