import { elementCount } from '../../models/safetensors/dtypes.ts';
import { copyBlock } from '../../onnx/block.ts';
import { knownShape } from '../../onnx/dimension.ts';
import type { Device } from '../../onnx/devices.ts';
import { type Feeds, float32, int64, type Numbers } from '../../onnx/session.ts';
import type { TrainingSpec } from '../../protocol/run/spec.ts';
import { total } from '../figures.ts';
import { GRAPH_OPTIMIZERS } from '../graphs/optimizers.ts';
import { LOSS_SCALE, nextOf, SCALE_GROWTH, type StepsGraph } from '../graphs/stepsGraph.ts';
import type { Figures, Memory, MicroBatch, Step, StepTaker, TakenStep } from '../learner.ts';
import type { TrainingModel } from './model.ts';
import { dropoutMasks, Run } from './runs.ts';
import { type OwnFeeds, type Stacked, stacked } from './stackedFeeds.ts';

/** Between runs metrics are told and a stop is seen; but each carries all that trains to the device and back. */
const RUN_SECONDS = 5;
/** Of what the micro-batches of a run are given. */
const MOST_BYTES = 256e6;

type Results = Readonly<Record<string, Numbers>>;

/** As PyTorch's GradScaler has it, which halves it where a gradient becomes infinite, and doubles it after so many steps. */
const FIRST_LOSS_SCALE = 2 ** 16;
const STEPS_OF_A_SCALE = 2000;

/** How a learner puts a micro-batch, and what it makes of what was told of it. */
export interface MicroBatches {
  unitsOf(batch: MicroBatch): number;
  prepared(batch: MicroBatch, unitsOfStep: number): Promise<OwnFeeds>;
  figures(batch: MicroBatch, own: OwnFeeds, told: Results): Figures;
}

export interface DeviceStepsOptions {
  readonly model: TrainingModel;
  readonly spec: TrainingSpec;
  readonly built: StepsGraph;
  readonly device: Device;
  readonly batches: MicroBatches;
  /** So many steps a run; absent: as many as take the time that a run should. */
  readonly atOnce?: number | undefined;
}

/** Takes steps in runs of one graph, within which what trains and what the optimizer remembers stay on the device. */
export class DeviceSteps {
  private readonly options: DeviceStepsOptions;
  private readonly run: Run<StepsGraph>;
  private stepsOfRun: number;
  private lossScale = FIRST_LOSS_SCALE;

  constructor(options: DeviceStepsOptions) {
    this.options = options;
    this.run = new Run(options.model, options.built, options.device);
    this.stepsOfRun = options.atOnce ?? 1;
  }

  open(): Promise<void> {
    return this.run.open();
  }

  dispose(): Promise<void> {
    return this.run.dispose();
  }

  /** `memory`: the optimizer's, which its steps change with the parameters. */
  taker(memory: Memory): StepTaker {
    const atOnce = (): number => this.stepsOfRun;
    return {
      get atOnce() {
        return atOnce();
      },
      take: steps => this.take(steps, memory),
    };
  }

  private async take(steps: readonly Step[], memory: Memory): Promise<TakenStep[]> {
    const start = performance.now();
    const { built, model, batches } = this.options;
    const own: OwnFeeds[][] = [];
    for (const step of steps) own.push(await this.prepared(step));
    const given = stacked(built.graph, own, model.config.heads);
    const results = await this.run.run({ ...given.feeds, ...this.others(steps, given, memory) }, given.sizes);
    for (const { input, values } of model.parameters) values.set(results[nextOf(input)] as Float32Array);
    for (const { name, values } of memory) values.set(results[nextOf(name)] as Float32Array);
    if (built.scales) this.lossScale = (results[nextOf(LOSS_SCALE)] as Float32Array)[0] as number;
    const seconds = (performance.now() - start) / 1000;
    const givenBytes = total(Object.values(given.feeds).map(({ data }) => data.byteLength));
    this.stepsOfRun = this.options.atOnce ?? stepsOfNextRun(steps.length, seconds, givenBytes);
    return steps.map((step, turn) => ({
      figures: step.batches.map((batch, index) => {
        const told = toldOf(built, results, given, turn * given.microBatches + index);
        return batches.figures(batch, (own[turn] as OwnFeeds[])[index] as OwnFeeds, told);
      }),
      gradientNorm: results['gradientNorm']?.[turn] as number,
    }));
  }

  private async prepared({ number, batches }: Step): Promise<OwnFeeds[]> {
    const { batches: learner, built, spec } = this.options;
    const units = total(batches.map(batch => learner.unitsOf(batch)));
    const own = [];
    for (const [microBatch, batch] of batches.entries()) {
      const { feeds, ...rest } = await learner.prepared(batch, units);
      const masks = dropoutMasks(built, rest.sizes, { seed: spec.seed, step: number, microBatch });
      own.push({ ...rest, feeds: { ...feeds, ...masks } });
    }
    return own;
  }

  /** What is no micro-batch's: how many there are, the optimizer's memory, and its numbers of each step, [steps]. */
  private others(steps: readonly Step[], { microBatches }: Stacked, memory: Memory): Feeds {
    const { spec } = this.options;
    const numbers = steps.map(
      ({ number, learningRate }): Record<string, number> => ({
        ...GRAPH_OPTIMIZERS[spec.optimizer].numbers(spec, number, learningRate),
        [SCALE_GROWTH]: number % STEPS_OF_A_SCALE === 0 ? 2 : 1,
      }),
    );
    const column = (name: string) =>
      float32(
        Float32Array.from(numbers, each => each[name] as number),
        [steps.length],
      );
    return {
      stepCount: int64([steps.length], []),
      microBatchCount: int64([microBatches], []),
      [LOSS_SCALE]: float32(Float32Array.of(this.lossScale), []),
      ...Object.fromEntries(Object.keys(numbers[0] ?? {}).map(name => [name, column(name)])),
      ...Object.fromEntries(memory.map(({ name, shape, values }) => [name, float32(values, shape)])),
    };
  }
}

/** How many steps the next run takes: at most twice as many as the one before, since the first ones are slower. */
export function stepsOfNextRun(steps: number, seconds: number, givenBytes: number): number {
  const factor = Math.min(2, RUN_SECONDS / seconds, MOST_BYTES / givenBytes);
  return Math.max(1, Math.floor(steps * factor));
}

/** What a run told of one micro-batch, without what was filled up. */
function toldOf({ told }: StepsGraph, results: Results, { sizes, own }: Stacked, turn: number): Results {
  const outputs = told.map(({ name, shape }): [string, Numbers] => {
    const [filled, wanted] = [knownShape(shape, sizes), knownShape(shape, own[turn] ?? sizes)];
    const array = new Float32Array(elementCount(wanted));
    const from = { array: results[name] as Float32Array, at: turn * elementCount(filled), sizes: filled };
    copyBlock(wanted, from, { array, at: 0, sizes: wanted });
    return [name, array];
  });
  return Object.fromEntries(outputs);
}
