import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { root, samples } from './paths.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import { type Theme, themes } from './settings.ts';

export interface WorkbenchOptions extends ServerOptions {
  /** The folder to open; absent: a fresh copy of samples/. */
  readonly folder?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly theme?: Theme;
  /** Pixels of a picture for each pixel of the page; absent: 1. */
  readonly scale?: number;
  /** Where shots go, under out/shots/. */
  readonly name: string;
}

/** VS Code in a headless browser, with everything needed to use it as a person would. */
export interface Workbench {
  readonly page: Page;
  readonly server: Server;
  /** The folder that is open. */
  readonly folder: string;
  readonly shotsFolder: string;
  /** Everything that the page asked of an address other than the server's. */
  readonly outsideRequests: readonly string[];
  close(): Promise<void>;
}

/** Opens a folder in VS Code, with the extension of the checkout unless told, and waits until it can be used. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const folder = options.folder ?? (await copyOfSamples());
  const settings = { 'workbench.colorTheme': themes[options.theme ?? 'light'], ...options.settings };
  const server = await startServer({ extensionsFolder: 'checkout', ...options, settings });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await server.stop();
    if (options.folder === undefined) await rm(path.dirname(folder), { recursive: true, force: true });
  };
  try {
    browser = await launchBrowser();
    const page = await browser.newPage({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      deviceScaleFactor: options.scale ?? 1,
    });
    page.setDefaultTimeout(30_000);
    const outsideRequests: string[] = [];
    page.on('request', request => {
      if (!isInside(server, request.url())) outsideRequests.push(request.url());
    });
    await page.goto(addressOf(server, folder));
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    await untilThemed(page, options.theme ?? 'light');
    const shotsFolder = path.join(root, 'out', 'shots', options.name);
    await rm(shotsFolder, { recursive: true, force: true });
    return { page, server, folder, shotsFolder, outsideRequests, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Files of a panel have an address of their own that never leaves the browser: its service worker asks the server. */
function isInside(server: Server, address: string): boolean {
  return address.startsWith(server.origin) || /^(data|blob):|\.vscode-resource\.vscode-cdn\.net\//.test(address);
}

/** The page of a folder. The payload, which needs the smoke test driver, holds what a desktop takes as arguments. */
export function addressOf(
  server: Server,
  folder: string | undefined,
  payload: ReadonlyArray<[string, string]> = [],
): string {
  const address = new URL(server.origin);
  if (folder === undefined) address.searchParams.set('ew', 'true');
  else address.searchParams.set('folder', path.resolve(folder));
  if (payload.length > 0) address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}

/** A file of this machine as the workbench names it. */
export function remoteUri(server: Server, file: string): string {
  return `vscode-remote://${new URL(server.origin).host}${path.resolve(file)}`;
}

async function copyOfSamples(): Promise<string> {
  const copy = path.join(await mkdtemp(path.join(os.tmpdir(), 'lm-lab-workspace-')), 'samples');
  await cp(samples, copy, { recursive: true });
  return copy;
}

/**
 * Reloads the window, as Developer: Reload Window does, and waits until it can be used again. First it waits until the
 * workbench has written its open tabs down: in a browser it does so every five seconds, and not when it closes.
 */
export async function reload({ page }: Workbench): Promise<void> {
  const tabs = await page.locator('.tab .label-name').allTextContents();
  for (const started = Date.now(); ; await pause(200)) {
    const stored = await page.evaluate<string>(STORED);
    if (tabs.every(tab => stored.includes(tab))) break;
    if (Date.now() - started > 30_000) throw new Error(`The workbench did not write down its tabs ${tabs}.`);
  }
  await page.reload();
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
}

/** Runs in the page: all that the workbench has stored, as one text. */
const STORED = `(async () => {
  const done = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  let stored = '';
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db')) continue;
    const database = await done(indexedDB.open(name));
    stored += await done(database.transaction('ItemTable').objectStore('ItemTable').getAll());
    database.close();
  }
  return stored;
})()`;

/** Takes a numbered picture: out/shots/<name of the workbench>/03-<name>.png. Returns its path. */
export async function shot(workbench: Workbench, name: string): Promise<string> {
  await mkdir(workbench.shotsFolder, { recursive: true });
  const taken = (shotsTaken.get(workbench) ?? 0) + 1;
  shotsTaken.set(workbench, taken);
  const file = path.join(workbench.shotsFolder, `${String(taken).padStart(2, '0')}-${name}.png`);
  await workbench.page.screenshot({ path: file });
  return file;
}
const shotsTaken = new WeakMap<Workbench, number>();

/** Changes settings of the folder while the window is open. The editor takes a moment: wait for what should change. */
export async function changeSettings({ folder }: Workbench, settings: Record<string, unknown>): Promise<void> {
  const file = path.join(folder, '.vscode', 'settings.json');
  const present = await readFile(file, 'utf8').then(JSON.parse, () => ({}));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...present, ...settings }, null, 2));
}

/** Changes the colour theme and waits until the workbench wears it. */
export async function setTheme(workbench: Workbench, theme: Theme): Promise<void> {
  await changeSettings(workbench, { 'workbench.colorTheme': themes[theme] });
  await untilThemed(workbench.page, theme);
}

async function untilThemed(page: Page, theme: Theme): Promise<void> {
  const classOf = { light: 'vs', dark: 'vs-dark', highContrast: 'hc-black', highContrastLight: 'hc-light' } as const;
  await page.locator(`.monaco-workbench.${classOf[theme]}`).waitFor();
}

/** Changes the size of the window, in pixels. */
export async function setSize({ page }: Workbench, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
}
