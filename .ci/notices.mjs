// Writes docs/third-party-notices.md: what of others is in the .vsix, and under which licenses.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const read = (...parts) => readFileSync(path.join(root, ...parts), 'utf8');

/** License texts that a package leaves out, by the beginning of its name: files of docs/licenses. */
const MISSING_TEXTS = {
  '@bufbuild/protobuf': ['protobuf-es.txt'],
  '@microsoft/fast-': ['fast.txt'],
  onnxruntime: ['onnxruntime.txt'],
};

/** What is shipped, though no bundle holds it as a package. */
const CODICONS = 'node_modules/@vscode/codicons';
const ONNX = { name: 'onnx', version: '', license: 'Apache-2.0', texts: [read('docs/licenses/onnx.txt')] };

/**
 * @param {import('esbuild').Metafile[]} metafiles of the bundles that are shipped
 * @throws where a package has no license text
 */
export function writeNotices(metafiles) {
  const folders = new Set([CODICONS, ...metafiles.flatMap(bundledPackages)]);
  const packages = [...[...folders].map(describe), ONNX].sort((a, b) => (a.name < b.name ? -1 : 1));
  const runtime = packages.find(({ name }) => name === 'onnxruntime-node');
  const inRuntime = `licenses/onnxruntime-${runtime.version}-third-party.txt`;
  if (!existsSync(path.join(root, 'docs', inRuntime)))
    throw new Error(`docs/${inRuntime} is missing: it is ThirdPartyNotices.txt of that version of ONNX Runtime.`);
  const text = `# Third-party notices

What LM Lab's package contains of others, and their licenses. Written by \`npm run package\` from what is bundled. The native library of ONNX Runtime contains more, which [its own notices](${inRuntime}) tell. The sample data and the starter model have theirs: [samples/NOTICE.md](../samples/NOTICE.md), [models/starter/README.md](../models/starter/README.md).

| package | version | license |
|---|---|---|
${packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`).join('\n')}
${packages.map(section).join('')}`;
  writeFileSync(path.join(root, 'docs', 'third-party-notices.md'), text);
}

/** The folders of the packages that a bundle has bytes of. */
function bundledPackages({ outputs }) {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([file]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0])
    .filter(folder => folder !== undefined);
}

function describe(folder) {
  // `licenses` is how older packages say it.
  const { name, version, licenses, license = licenses?.[0]?.type } = JSON.parse(read(folder, 'package.json'));
  const own = readdirSync(path.join(root, folder)).filter(file => /^(licen[cs]e|notice|third|copyright)/i.test(file));
  const kept = Object.entries(MISSING_TEXTS).find(([start]) => name.startsWith(start))?.[1] ?? [];
  const texts = [...own.map(file => read(folder, file)), ...kept.map(file => read('docs', 'licenses', file))];
  if (texts.length === 0) throw new Error(`${name} ${version} has no license text: add one to docs/licenses.`);
  return { name, version, license, texts };
}

const section = ({ name, version, texts }) => `
## ${`${name} ${version}`.trim()}

${texts.map(text => `\`\`\`\`text\n${text.replaceAll('\r\n', '\n').trim()}\n\`\`\`\``).join('\n\n')}
`;
