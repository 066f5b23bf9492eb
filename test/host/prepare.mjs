// What npm start and npm test begin with, in a fresh clone: Node 20, npm, and nothing installed yet.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const windows = process.platform === 'win32';

/**
 * Installs the packages unless those of package-lock.json are there, then runs a TypeScript file on the Node that the
 * scripts are written for, and ends as it does. The Node that this began on is named in LM_LAB_USER_NODE.
 */
export function runPrepared(file) {
  if (!isInstalled()) {
    console.log('Installing packages: about half a minute, once.');
    // Not "ci": it refuses a lock file where a registry lacks a package that is for other platforms alone.
    run('npm', ['install', '--no-save', '--loglevel=error']);
  }
  const bin = path.join(root, 'node_modules', '.bin');
  process.env.LM_LAB_USER_NODE ??= process.execPath;
  process.env.PATH = `${bin}${path.delimiter}${process.env.PATH}`;
  run(path.join(bin, windows ? 'node.cmd' : 'node'), [path.join(root, file), ...process.argv.slice(2)]);
}

/** Whether every package of the lock file is there in its version; optional ones may be absent. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    return name === '' || present[name]?.version === version || (optional && !present[name]);
  });
}

function packagesOf(lock) {
  try {
    return JSON.parse(readFileSync(path.join(root, lock), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
