import type { DeviceReport, ModelEntry } from './engine.ts';

/** Which provider of ONNX Runtime ran each node of a model, and what the device needs for it. */
export interface Placement {
  readonly entry: ModelEntry;
  readonly device: DeviceReport;
  /** Of the device itself, an estimate; null where it has no memory of its own. */
  readonly deviceMemoryBytes: number | null;
  readonly graphs: readonly PlacedGraph[];
}

export interface PlacedGraph {
  /** `trunk`: from tokens to hidden states; `head`: to predictions; `tokens`: both, for several tokens a run. */
  readonly name: string;
  /** By provider, then by operator. */
  readonly nodes: readonly PlacedNodes[];
}

export interface PlacedNodes {
  /** Such as `CPU` or `CUDA`. */
  readonly provider: string;
  readonly operator: string;
  readonly count: number;
}

/** How many nodes of a graph each provider ran. */
export function countsByProvider({ nodes }: PlacedGraph): Array<readonly [provider: string, count: number]> {
  const counts = new Map<string, number>();
  for (const { provider, count } of nodes) counts.set(provider, (counts.get(provider) ?? 0) + count);
  return [...counts];
}

/** The same as YAML, which folds and is read by people: of each graph its nodes by provider and operator. */
export function placementText({ entry, device, deviceMemoryBytes, graphs }: Placement): string {
  return [
    `model: ${entry.id}`,
    `device: ${device.device}`,
    `threads: ${device.threads}`,
    ...device.passedOver.map(({ device, reason, remedy }) => `# Not on ${device}: ${reason} ${remedy}`),
    ...(deviceMemoryBytes === null ? [] : [`memory: about ${(deviceMemoryBytes / 1e9).toFixed(1)} GB of the device`]),
    '',
    'nodes: # which provider of ONNX Runtime ran them',
    ...graphs.flatMap(graphLines),
    '',
  ].join('\n');
}

function graphLines(graph: PlacedGraph): string[] {
  const providers = countsByProvider(graph).flatMap(([provider, count]) => [
    `    ${provider}: # ${count} nodes`,
    ...graph.nodes
      .filter(nodes => nodes.provider === provider)
      .map(({ operator, count }) => `      ${operator}: ${count}`),
  ]);
  return [`  ${graph.name}:`, ...providers];
}
