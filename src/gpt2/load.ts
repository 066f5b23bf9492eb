import { join } from 'node:path';
import type { OpenOptions } from '../models/weights.ts';
import { type Device, onBestDevice } from '../onnx/devices.ts';
import type { ElementType, Graph } from '../onnx/graph.ts';
import { computeProductsIn, PRODUCT_TYPES } from '../onnx/halfProducts.ts';
import { createSession, float32, type Session } from '../onnx/session.ts';
import { hasOwnMemory, inferenceDeviceBytes, scoringDeviceBytes } from '../protocol/deviceMemory.ts';
import type { DevicePreference } from '../protocol/engine.ts';
import type { Precision } from '../protocol/precision.ts';
import { type Gpt2Config, readConfig, sizeOf } from './config.ts';
import { headGraph, trunkGraph } from './graphs.ts';
import { Gpt2, type TokensGraph } from './model.ts';
import { headName } from './parameters.ts';
import { openWeightsIn, openWeightsInFiles } from './precision/open.ts';
import type { StoredWeight, Weights } from './weights.ts';

/** The graphs of a model: `tokens` makes several a run. */
export const GRAPH_NAMES = ['trunk', 'head', 'tokens'] as const;
type GraphName = (typeof GRAPH_NAMES)[number];

export interface LoadOptions extends OpenOptions {
  readonly device: DevicePreference;
  /** Absent: f32. */
  readonly precision?: Precision | undefined;
  /** Absent: all that the machine has. */
  readonly threads?: number | undefined;
  /** For tests: as on a device of its own memory, whatever the device is. */
  readonly ownMemory?: boolean;
  /** The type that matrix products are computed in. Absent: that of all else, float32. */
  readonly products?: ElementType;
  /** A folder for files that tell which provider ran each node: each begins with its graph's name. */
  readonly profileFolder?: string;
}

/**
 * Loads a model folder on the best device.
 * @throws Reasoned what readConfig, openWeightsIn and onBestDevice throw.
 */
export async function loadGpt2(folder: string, options: LoadOptions): Promise<Gpt2> {
  const config = await readConfig(folder);
  const { precision = 'f32', ownMemory = false } = options;
  const weightsFor = ({ report }: Device): Promise<Weights<StoredWeight>> =>
    precision === 'f32' && (ownMemory || hasOwnMemory(report.device))
      ? openWeightsInFiles(folder, config, options)
      : openWeightsIn(precision, folder, config, options);
  return open(config, weightsFor, options);
}

/** The same of weights that are open, as those being trained: numbers in memory are read where they lie at every run. */
export const openGpt2 = (config: Gpt2Config, weights: Weights<StoredWeight>, options: OpenedOn): Promise<Gpt2> =>
  open(config, async () => weights, options);

type OpenedOn = Omit<LoadOptions, keyof OpenOptions>;

function open(
  config: Gpt2Config,
  weightsFor: (device: Device) => Promise<Weights<StoredWeight>>,
  options: OpenedOn,
): Promise<Gpt2> {
  const { device, threads, precision } = options;
  const openOn = async (chosen: Device): Promise<Gpt2> => openedOn(chosen, config, await weightsFor(chosen), options);
  return onBestDevice(device, threads, openOn, scoringDeviceBytes(sizeOf(config), precision));
}

async function openedOn(
  device: Device,
  config: Gpt2Config,
  weights: Weights<StoredWeight>,
  { precision = 'f32', ownMemory = false, profileFolder, ...options }: OpenedOn,
): Promise<Gpt2> {
  const products = options.products ?? productsOf(device, precision);
  const openGraph = (name: GraphName, graph: Graph): Promise<Session> => {
    const profilePrefix = profileFolder === undefined ? undefined : join(profileFolder, name);
    return openRun(graph, weights, device, profilePrefix);
  };
  const openNarrow = (name: GraphName, graph: Graph): Promise<Session> => {
    if (products) computeProductsIn(products, graph);
    return openGraph(name, graph);
  };
  const trunk = await openNarrow('trunk', trunkGraph(config, weights));
  try {
    const predicts = weights.tensors.has(headName(config));
    const head = predicts ? await openNarrow('head', headGraph(config, weights)) : null;
    const hasRoom = inferenceDeviceBytes(sizeOf(config), precision) <= (device.memoryBytes ?? Infinity);
    const inRuns = predicts && hasRoom && (ownMemory || hasOwnMemory(device.report.device));
    const openTokens = inRuns ? (build: TokensGraph) => openGraph('tokens', build(config, weights, products)) : null;
    return new Gpt2(config, weights, { ...device.report, precision }, { trunk, head, openTokens });
  } catch (error) {
    await trunk.dispose();
    throw error;
  }
}

/** Halves are multiplied as such where the device has the kernels; elsewhere they are widened in each run. */
function productsOf({ report }: Device, precision: Precision): ElementType | null {
  return hasOwnMemory(report.device) ? PRODUCT_TYPES[precision] : null;
}

/** A session that is given its weights where it takes them as inputs. */
async function openRun(
  graph: Graph,
  { tensors, folder }: Weights<StoredWeight>,
  { provider, report: { threads } }: Device,
  profilePrefix: string | undefined,
): Promise<Session> {
  const session = await createSession(graph, { weightsFolder: folder, provider, threads, profilePrefix });
  const held = graph.inputs.flatMap(({ name }) => {
    const weight = tensors.get(name);
    return weight?.values ? [[name, float32(weight.values, weight.shape)] as const] : [];
  });
  const weights = Object.fromEntries(held);
  return { run: (feeds, outputs) => session.run({ ...feeds, ...weights }, outputs), dispose: () => session.dispose() };
}
