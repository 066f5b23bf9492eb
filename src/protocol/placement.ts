import type { DeviceReport, ModelEntry } from './engine.ts';

/** Which provider of ONNX Runtime ran each node of a model, and what the device needs for it. */
export interface Placement {
  readonly entry: ModelEntry;
  readonly device: DeviceReport;
  /** What a device of its own memory needs for the model, an estimate. */
  readonly deviceMemoryBytes: number;
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
    `precision: ${device.precision}`,
    `threads: ${device.threads}`,
    ...device.passedOver.map(
      ({ device, reason, remedy }) => `# Not on ${device}: ${[reason, remedy].filter(Boolean).join(' ')}`,
    ),
    `memory of a graphics card: about ${(deviceMemoryBytes / 1e9).toFixed(1)} GB`,
    '',
    `# ${summary(device, graphs)}`,
    'nodes:',
    ...graphs.flatMap(graphLines),
    '',
  ]
    .join('\n')
    .replaceAll('’', "'"); // an editor frames it as a character that may be taken for another
}

/** What a person looks for first: whether all is done where it should be. */
function summary({ device }: DeviceReport, graphs: readonly PlacedGraph[]): string {
  const all = graphs.flatMap(({ nodes }) => nodes);
  const onCpu = all.filter(({ provider }) => provider === 'CPU');
  const [total, fellBack] = [all, onCpu].map(nodes => nodes.reduce((sum, { count }) => sum + count, 0));
  if (device === 'cpu') return `All ${total} nodes ran on the CPU.`;
  if (fellBack === 0) return `All ${total} nodes ran on ${device}.`;
  const operators = [...new Set(onCpu.map(({ operator }) => operator))].join(', ');
  return `${fellBack} of ${total} nodes fell back to the CPU: ${operators}.`;
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
