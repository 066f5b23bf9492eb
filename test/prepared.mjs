// node test/prepared.mjs FILE [arguments]: runs a file of the checkout as npm's scripts need it, on a machine that has
// Node 20 and npm and perhaps nothing else. It installs the packages unless they are there, and then runs the file on
// the Node among them, which runs TypeScript as it is. LM_LAB_USER_NODE names the Node that this began on.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
const windows = process.platform === 'win32';
const [file, ...rest] = process.argv.slice(2);

if (!isInstalled()) {
  console.log('Installing packages: about half a minute, once.');
  // Not "ci": it refuses a lock file where a registry lacks a package that is for other platforms alone.
  run('npm', ['install', '--no-save', '--loglevel=error'], windows);
}
const node = path.join(modules, nodePackage(), 'bin', windows ? 'node.exe' : 'node');
linkNode();
process.env.LM_LAB_USER_NODE ??= process.execPath;
process.env.PATH = [path.dirname(node), path.join(modules, '.bin'), process.env.PATH].join(path.delimiter);
run(node, [path.join(root, file), ...rest]);

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

function nodePackage() {
  const { platform, arch } = process;
  const name = `node-${{ win32: 'win', darwin: 'bin-darwin' }[platform] ?? platform}-${arch}`;
  if (existsSync(path.join(modules, name))) return name;
  console.error(`No package with Node is installed for ${platform}-${arch}: ${name} is not in node_modules.`);
  process.exit(1);
}

/** npm 10 takes this link away together with the packages of other platforms, which have one of the same name. */
function linkNode() {
  const link = path.join(modules, '.bin', 'node');
  if (!windows && !existsSync(link)) symlinkSync(path.relative(path.dirname(link), node), link);
}

function run(command, args, shell = false) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
}
