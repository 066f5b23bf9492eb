// Packages the extension for one platform: npm run package [-- --target=linux-arm64]
// Fails where the package is larger than it may be, holds what another platform runs, or does not tell its licenses.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';

const root = path.resolve(import.meta.dirname, '..');
const target =
  process.argv.find(argument => argument.startsWith('--target='))?.slice('--target='.length) ??
  `${process.platform}-${process.arch}`;
const [platform, arch] = target.split('-');
const file = path.join(root, 'dist', `lm-lab-${target}.vsix`);
const largestMegabytes = platform === 'linux' ? 50 : 60;

const build = spawnSync(process.execPath, ['esbuild.mjs', '--production', `--target=${target}`], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
await createVSIX({ cwd: root, target, packagePath: file, dependencies: false });

const files = await listFiles({ cwd: root, dependencies: false });
const natives = files.filter(name => /\.(node|so|dylib|dll)(\.|$)/.test(name));
const foreign = natives.filter(name => !name.startsWith(`dist/bin/napi-v6/${platform}/${arch}/`));
const megabytes = statSync(file).size / 1e6;

console.log(`\n${path.relative(root, file)}: ${megabytes.toFixed(1)} MB, ${files.length} files`);
for (const [folder, bytes] of sizesByFolder(files)) console.log(`${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${folder}`);

const problems = [
  megabytes > largestMegabytes && `It is ${megabytes.toFixed(1)} MB, and may be ${largestMegabytes}.`,
  natives.length === 0 && `It has no native library for ${target}: was onnxruntime-node installed?`,
  !files.includes('docs/third-party-notices.md') && 'It does not tell the licenses of what it contains.',
  !files.includes('python/lm_lab_torch/__main__.py') && 'It lacks the Python package of the backend torch.',
  foreign.length > 0 && `It holds what another platform runs: ${foreign.join(', ')}.`,
].filter(Boolean);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** Bytes before compression, largest first. */
function sizesByFolder(names) {
  const sizes = new Map();
  for (const name of names) {
    const folder = name.split('/').slice(0, 2).join('/');
    sizes.set(folder, (sizes.get(folder) ?? 0) + statSync(path.join(root, name)).size);
  }
  return [...sizes].sort(([, a], [, b]) => b - a).slice(0, 12);
}
