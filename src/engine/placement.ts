import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIKELIEST } from '../decoding/drawing.ts';
import { SharedCache } from '../decoding/sharedCache.ts';
import { KeyValueCache } from '../gpt2/cache.ts';
import { GRAPH_NAMES, type LoadOptions, loadGpt2 } from '../gpt2/load.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { nodesOfProfile } from '../onnx/profile.ts';
import type { PlacedGraph, Placement } from '../protocol/placement.ts';

/**
 * Opens a model for this alone, has it read a token and, where it decodes in runs, make one, and reads from the runtime's
 * own profile which provider ran each node: so what is told is what happened, not what should.
 * @throws Reasoned what loadGpt2 and a run of the model throw.
 */
export async function placementOf(
  folder: string,
  options: Omit<LoadOptions, 'profileFolder'>,
): Promise<Omit<Placement, 'entry'>> {
  const profileFolder = await mkdtemp(join(tmpdir(), 'lm-lab-profile-'));
  try {
    const model = await loadGpt2(folder, { ...options, profileFolder });
    try {
      await runEachGraphOnce(model, options.signal);
    } finally {
      await model.dispose();
    }
    const graphs: PlacedGraph[] = [];
    for (const name of GRAPH_NAMES) graphs.push({ name, nodes: await nodesOfProfile(profileFolder, name) });
    return {
      device: model.device,
      deviceMemoryBytes: model.deviceBytes,
      graphs: graphs.filter(({ nodes }) => nodes.length > 0),
    };
  } finally {
    await rm(profileFolder, { recursive: true, force: true });
  }
}

async function runEachGraphOnce(model: Gpt2, signal: AbortSignal | undefined): Promise<void> {
  if (!model.predictsTokens) {
    await model.lastHiddenStates(
      { ids: [0], positions: [0], attended: { kind: 'causal' } },
      new KeyValueCache(model.config),
    );
    return;
  }
  const cache = new SharedCache(model, 1, signal);
  const { rows } = await cache.read([0]);
  const text = { ids: [0, 0], rows };
  if ((await cache.roomFor([text])) > 0) await cache.draw([text], [LIKELIEST], 1);
}
