import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlacedNodes } from '../protocol/placement.ts';

/** An event of ONNX Runtime's profile: of a node, that its kernel ran, and where. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly args?: { readonly op_name?: string; readonly provider?: string };
}

/** Which provider ran the nodes of a session that was run once, by the file in the folder whose name begins so. */
export async function nodesOfProfile(folder: string, prefix: string): Promise<PlacedNodes[]> {
  const files = (await readdir(folder)).filter(name => name.startsWith(`${prefix}_`));
  const counts = new Map<string, PlacedNodes>();
  for (const file of files) {
    const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[];
    for (const { cat, name, args } of events) {
      if (cat !== 'Node' || !name.endsWith('_kernel_time') || !args?.op_name || !args.provider) continue;
      const [provider, operator] = [args.provider.replace(/ExecutionProvider$/, ''), args.op_name];
      const key = `${provider} ${operator}`;
      counts.set(key, { provider, operator, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const order = ({ provider, operator }: PlacedNodes): string => `${provider} ${operator}`;
  return [...counts.values()].sort((a, b) => order(a).localeCompare(order(b)));
}
