/** npm run kernels: assembles the WebAssembly of src/training/optimizer/kernels/kernels.wat into the module beside it. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import wabt from 'wabt';

const folder = path.resolve(import.meta.dirname, '../src/training/optimizer/kernels');

export const KERNELS_FILE = path.join(folder, 'kernelsWasm.ts');

/** A module of text, which bundles and runs as all others do. */
export async function kernelsModule(): Promise<string> {
  const source = path.join(folder, 'kernels.wat');
  const { parseWat } = await wabt();
  const { buffer } = parseWat(source, await readFile(source, 'utf8'), { simd: true }).toBinary({});
  const lines = Buffer.from(buffer).toString('base64').match(/.{1,100}/g) ?? [];
  return `/** kernels.wat, assembled by npm run kernels. */
export const KERNELS = [
${lines.map(line => `  '${line}',`).join('\n')}
].join('');
`;
}

if (process.argv[1] === import.meta.filename) await writeFile(KERNELS_FILE, await kernelsModule());
