import { join } from 'node:path';
import type { View } from '../../data/view.ts';
import { writtenRows } from '../../data/writeRows.ts';
import { writeAtomically } from '../../models/atomicFile.ts';
import { makeFolder } from '../../models/files.ts';
import type { ExportDatasetRequest } from '../../protocol/dataset.ts';
import type { Call } from '../../protocol/engine.ts';
import { PARTS } from '../../protocol/run/names.ts';
import type { Part } from '../../protocol/run/spec.ts';
import { keptParts } from './kept.ts';
import { type Asked, withViews } from './setting.ts';

/** Writes train, validation and test, as far as the split has them, into the folder. */
export async function exportParts(
  { folder, format }: ExportDatasetRequest,
  asked: Asked,
  call: Call,
): Promise<{ readonly files: readonly string[] }> {
  await makeFolder(folder);
  const { rows } = await keptParts(asked.dataset, asked.spec, asked.view.view.count, call);
  const files: string[] = [];
  await withViews(asked, call, async views => {
    for (const part of PARTS) {
      const own = part === 'train' ? undefined : views[part];
      const view = own?.view ?? asked.view.view.keep(rows[part]);
      if (view.count > 0) files.push(await writePart(view, part, folder, format, call));
    }
  });
  return { files };
}

async function writePart(
  view: View,
  part: Part,
  folder: string,
  format: ExportDatasetRequest['format'],
  { signal, onProgress }: Call,
): Promise<string> {
  const file = join(folder, `${part}.${format}`);
  let done = 0;
  await writeAtomically(file, async handle => {
    for await (const text of writtenRows(view, format, signal)) {
      await handle.writeFile(text);
      done = Math.min(view.count, done + 512);
      onProgress?.({ message: `Writing ${part}.${format}`, done, total: view.count, unit: 'rows' });
    }
  });
  return file;
}
