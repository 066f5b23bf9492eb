import { elementCount } from '../../models/safetensors/dtypes.ts';
import { knownShape, type Sizes } from '../../onnx/dimension.ts';
import type { Device } from '../../onnx/devices.ts';
import { createSession, type Feed, type Feeds, float32, type Numbers, type Session } from '../../onnx/session.ts';
import { runtimeFailure } from '../../onnx/runtime.ts';
import type { DropoutKey } from '../learner.ts';
import { keptMask } from '../graphs/dropoutMasks.ts';
import type { BuiltGraph } from '../graphs/modelGraph.ts';
import type { TrainingModel } from './model.ts';

/** What a graph needs to be run. */
export type Runnable = Pick<BuiltGraph, 'graph' | 'dropoutSites'>;

/** A graph of the model in a session, opened when it is first run. */
export class Run<Built extends Runnable = BuiltGraph> {
  readonly built: Built;
  private readonly model: TrainingModel;
  private readonly device: Device;
  private session: Session | null = null;

  constructor(model: TrainingModel, built: Built, device: Device) {
    this.model = model;
    this.built = built;
    this.device = device;
  }

  /** Throws what the runtime says, where the device can't have the graph. */
  async open(): Promise<void> {
    await this.opened();
  }

  private async opened(): Promise<Session> {
    const { provider, report } = this.device;
    const { weightsFolder } = this.model;
    this.session ??= await createSession(this.built.graph, {
      weightsFolder,
      provider,
      threads: report.threads,
      returnsMemory: true,
    });
    return this.session;
  }

  /**
   * Gives all outputs. Of `given` it takes what its graph has; weights in memory and dropout masks, whose sizes follow
   * from `sizes`, are added.
   * @throws Reasoned `runtime-failed` or `out-of-memory`.
   */
  async run(given: Feeds, sizes: Sizes, dropout?: DropoutKey): Promise<Readonly<Record<string, Numbers>>> {
    const session = await this.opened().catch((error: unknown) => {
      throw runtimeFailure('while loading the model', error, this.device.report.device);
    });
    const feeds: Record<string, Feed> = {};
    for (const { name } of this.built.graph.inputs) {
      const feed = given[name] ?? this.weight(name);
      if (feed) feeds[name] = feed;
    }
    if (dropout) Object.assign(feeds, dropoutMasks(this.built, sizes, dropout));
    return session.run(feeds);
  }

  private weight(name: string): Feed | undefined {
    const weight = this.model.weights.get(name);
    return weight?.values && float32(weight.values, weight.shape);
  }

  async dispose(): Promise<void> {
    await this.session?.dispose();
    this.session = null;
  }
}

/** The masks of a graph's places, whose sizes follow from `sizes`. */
export function dropoutMasks({ dropoutSites }: Pick<Runnable, 'dropoutSites'>, sizes: Sizes, key: DropoutKey): Feeds {
  const sites = dropoutSites.map(({ name, number, rate, shape }) => {
    const known = knownShape(shape, sizes);
    return [name, { data: keptMask(key, number, elementCount(known), rate), shape: known }] as const;
  });
  return Object.fromEntries(sites);
}
