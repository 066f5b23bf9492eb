// Bundles everything that runs: node esbuild.mjs [--production] [--watch] [--target=linux-x64]
import { globSync, statSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { writeNotices } from './.ci/notices.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const target = process.argv.find(argument => argument.startsWith('--target='))?.slice('--target='.length);
const [platform, arch] = target?.split('-') ?? [process.platform, process.arch];

const shared = {
  bundle: true,
  minify: production,
  metafile: production,
  sourcemap: !production,
  sourcesContent: false,
  logLevel: watch ? 'info' : 'warning',
};
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  // Its CommonJS form asks for its other files in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
};

/**
 * ONNX Runtime is bundled once, beside the bundles that use it, so that the .vsix needs no node_modules. Its own code
 * finds the native binary at ../bin from where it stands, and that path is kept.
 * @type {import('esbuild').Plugin}
 */
const onnxRuntimeBeside = {
  name: 'onnxruntime-beside',
  setup(build) {
    build.onResolve({ filter: /^onnxruntime-node$/ }, () => ({ path: 'onnxruntime-node', namespace: 'beside' }));
    build.onResolve({ filter: /.*/, namespace: 'beside' }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: 'beside' }, () => ({
      contents: `module.exports = require('./onnxruntime/index.cjs');`,
    }));
  },
};

/**
 * Puts all that the extension reads at its start into one file. esbuild would make a file for each set of pieces that share
 * some code, and each file takes about half a millisecond to read. So every piece that is read later imports all of the
 * start, which is there by then.
 * @type {import('esbuild').Plugin}
 */
const startInOneFile = {
  name: 'start-in-one-file',
  setup(build) {
    const entry = path.resolve('src/extension.ts');
    build.onResolve({ filter: /^\./ }, ({ kind, path: imported, resolveDir }) =>
      kind === 'dynamic-import' ? { path: path.resolve(resolveDir, imported), namespace: 'piece' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'piece' }, ({ path: file }) => ({
      contents: `import ${JSON.stringify(entry)};\nexport * from ${JSON.stringify(file)};`,
      resolveDir: path.dirname(file),
    }));
  },
};

/** An ES module has no require, and some packages inside the bundle call it. */
const requireForEsm = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** Packages in the extension's pieces require Node's own modules alone, which this gives without a cost to each piece. */
const requireForPieces = `const require = process.getBuiltinModule;`;

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  {
    // In pieces, of which those that panels and the engine need are read when they are asked for.
    ...node,
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: 'extension/[name]-[hash]',
    external: ['vscode'],
    plugins: [startInOneFile],
    banner: { js: requireForPieces },
  },
  {
    ...node,
    entryPoints: ['src/engine/main.ts'],
    outfile: 'dist/engine.cjs',
    format: 'cjs',
    plugins: [onnxRuntimeBeside],
  },
  {
    ...node,
    entryPoints: ['src/trainer/main.ts'],
    outfile: 'dist/trainer.cjs',
    format: 'cjs',
    plugins: [onnxRuntimeBeside],
  },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    format: 'esm',
    plugins: [onnxRuntimeBeside],
    banner: { js: `#!/usr/bin/env node\n${requireForEsm}` },
  },
  {
    ...node,
    entryPoints: ['onnxruntime-node'],
    outfile: 'dist/onnxruntime/index.cjs',
    format: 'cjs',
    external: ['../bin/*'],
    sourcemap: false,
  },
  {
    // Beside it, as it downloads to ../bin from where it stands: what installs the CUDA files.
    ...node,
    entryPoints: ['node_modules/onnxruntime-node/script/install.js'],
    outfile: 'dist/onnxruntime/install.cjs',
    format: 'cjs',
    sourcemap: false,
  },
  {
    ...shared,
    entryPoints: globSync('webview-ui/*/main.ts').map(file => ({
      in: file,
      out: path.basename(path.dirname(file)),
    })),
    outdir: 'dist/webview',
    format: 'iife',
    platform: 'browser',
    target: 'chrome132',
    tsconfig: 'webview-ui/tsconfig.json',
  },
  {
    ...node,
    entryPoints: globSync('test/integration/**/{index,extension,*.test}.ts'),
    outdir: 'out/integration',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode', 'mocha'],
    minify: false,
  },
];

/** Native libraries of the platform that is built for, the icon font, and what says that a test's extension is one. */
async function copyAssets() {
  const natives = path.join('bin', 'napi-v6', platform, arch);
  await cp(path.join('node_modules', 'onnxruntime-node', natives), path.join('dist', natives), {
    recursive: true,
    preserveTimestamps: true,
    filter: (from, to) => !isSameFile(from, to),
  });
  const codicons = path.join('node_modules', '@vscode', 'codicons', 'dist');
  await mkdir('dist/webview', { recursive: true });
  for (const file of ['codicon.css', 'codicon.ttf']) {
    await cp(path.join(codicons, file), path.join('dist', 'webview', file));
  }
  const provider = path.join('integration', 'provider', 'package.json');
  await cp(path.join('test', provider), path.join('out', provider));
}

/** A library that a running engine has mapped must not be written over with itself: that would end the engine. */
function isSameFile(from, to) {
  const [source, copy] = [from, to].map(file => statSync(file, { throwIfNoEntry: false }));
  return source.isFile() && copy?.size === source.size && Math.abs(copy.mtimeMs - source.mtimeMs) < 1000;
}

/** Tests for the extension host are bundled as well, and stay out of the package. */
function isShipped({ outputs }) {
  return Object.keys(outputs).every(file => file.startsWith('dist/'));
}

/** What an earlier build left: another platform's binary, pieces of a bundle, a test that has been deleted. */
async function removeStale() {
  if (production) await rm('dist', { recursive: true, force: true });
  for (const folder of ['out/integration', 'dist/extension']) await rm(folder, { recursive: true, force: true });
}

await removeStale();
await copyAssets();
if (watch) {
  const contexts = await Promise.all(builds.map(options => esbuild.context(options)));
  await Promise.all(contexts.map(context => context.watch()));
} else {
  const results = await Promise.allSettled(builds.map(options => esbuild.build(options)));
  // esbuild has said what is wrong.
  const failed = results.some(({ status }) => status === 'rejected');
  if (!failed && production) writeNotices(results.map(({ value }) => value.metafile).filter(isShipped));
  if (!failed) console.log(`Built dist/ in ${(performance.now() / 1000).toFixed(1)} s.`);
  process.exitCode = failed ? 1 : 0;
}
