import type { Gpt2 } from '../../gpt2/model.ts';
import type { Device } from '../../onnx/devices.ts';
import { float32, type Numbers, sizesIn } from '../../onnx/session.ts';
import type { DevicePreference } from '../../protocol/engine.ts';
import { goesByBlocks } from '../../protocol/run/backward.ts';
import { blockGraphs } from '../graphs/blockGraphs.ts';
import { evaluationGraph, trainingGraph } from '../graphs/modelGraph.ts';
import { pack } from '../graphs/packing.ts';
import { stepsGraph } from '../graphs/stepsGraph.ts';
import { apart, together } from '../graphs/trees.ts';
import { total } from '../figures.ts';
import type { DropoutKey, Figures, Learner, Memory, MicroBatch, StepTaker } from '../learner.ts';
import type { Found, Method, OpenedCollector, Purpose, Setting } from '../methods/method.ts';
import { blockPass } from './blockPass.ts';
import { BorderStates } from './borderStates.ts';
import { DecodingModel } from './decoding.ts';
import { DeviceSteps } from './deviceSteps.ts';
import type { TrainingModel } from './model.ts';
import type { TrainedParameter } from './parameter.ts';
import { type Pass, wholePass } from './pass.ts';
import { Run } from './runs.ts';
import { saveModel } from './save.ts';
import { notesOn } from './scoringHead.ts';
import type { OwnFeeds } from './stackedFeeds.ts';

/** How steps are taken on a device of its own memory. */
export interface OnDevice {
  /** So many a run; absent: as many as take the time that a run should. */
  readonly atOnce?: number | undefined;
}

/** A model that learns by ONNX graphs: one for training, one for evaluation. */
export class GraphLearner implements Learner {
  readonly device: string;
  readonly notes: readonly string[];
  readonly parameters: readonly TrainedParameter[];
  collector: OpenedCollector | undefined;
  private readonly model: TrainingModel;
  private readonly method: Method;
  private readonly setting: Setting;
  private readonly chosen: Device;
  readonly stepsOnDevice?: (memory: Memory) => StepTaker;
  private readonly training: Pass;
  private readonly steps: DeviceSteps | null;
  private readonly evaluation: Run;
  private readonly decoding: DecodingModel;
  /** Where lower blocks are frozen and see no dropout: what comes out of them is kept. */
  private readonly border: BorderStates | null;
  /** The longest that sequences were filled up to, where the padded end is what is read. */
  private paddedLength: number | null;

  /** `onDevice`: steps are taken there; null: gradients come out. */
  constructor(model: TrainingModel, method: Method, setting: Setting, device: Device, onDevice: OnDevice | null) {
    this.model = model;
    this.method = method;
    this.setting = setting;
    this.chosen = device;
    this.device = device.report.device;
    this.parameters = model.parameters;
    this.paddedLength = model.paddedLength;
    this.notes = model.scoring ? notesOn(model.scoring) : [];
    const keeps =
      model.frozenBelow && model.fromBlock > 0 && setting.spec.training.dropout === 0 && !method.openCollector;
    this.border = keeps ? new BorderStates(model, device) : null;
    const spec = { ...setting.spec, device: this.device };
    this.training = goesByBlocks(spec, model.config.layers - model.fromBlock)
      ? blockPass(model, blockGraphs(model, method, setting, keeps), device)
      : wholePass(model, trainingGraph(model, method, setting, keeps), device);
    this.steps = onDevice && this.ownSteps(device, onDevice);
    const { steps } = this;
    if (steps) this.stepsOnDevice = memory => steps.taker(memory);
    this.decoding = new DecodingModel(model);
    this.evaluation = new Run(model, evaluationGraph(model, method, setting, keeps), device);
  }

  private ownSteps(device: Device, { atOnce }: OnDevice): DeviceSteps {
    const { model, method, setting } = this;
    const built = stepsGraph(model, method, setting, this.border !== null);
    return new DeviceSteps({ model, spec: setting.spec.training, built, device, batches: this, atOnce });
  }

  /** Opens the session that trains, so that a device that cannot is found at once. */
  open(): Promise<void> {
    return (this.steps ?? this.training).open();
  }

  /** Opens what collecting takes beside the model. `folder`: that of the model that the run began with. */
  async openCollector(folder: string): Promise<void> {
    this.collector = await this.method.openCollector?.(this.setting, {
      folder,
      device: this.chosen,
      decodingModel: () => this.decoder(),
      outputs: async batch => (await this.evaluated(batch)).results,
    });
  }

  unitsOf(batch: MicroBatch): number {
    return this.method.units(batch);
  }

  clearGradients(): void {
    for (const parameter of this.parameters) parameter.clearGradient();
  }

  async accumulate(batch: MicroBatch, unitsOfStep: number, dropout: DropoutKey): Promise<Figures> {
    const own = await this.prepared(batch, unitsOfStep);
    return this.figures(batch, own, await this.training.run(own, dropout));
  }

  /** A micro-batch as its own run is given it, its losses weighed by their share of the step. */
  async prepared(batch: MicroBatch, unitsOfStep: number): Promise<OwnFeeds> {
    const { feeds, ...own } = await this.given(batch, 'train');
    const units = this.method.units(batch);
    const weights = float32(new Float32Array(units).fill(1 / unitsOfStep), [units, 1]);
    return { ...own, feeds: { ...feeds, weights } };
  }

  figures(batch: MicroBatch, own: OwnFeeds, told: Readonly<Record<string, Numbers>>): Figures {
    return { ...this.method.figures(batch, 'train', told['losses'] as Float32Array, told), tokens: own.tokens };
  }

  async evaluate(batch: MicroBatch): Promise<Figures & Found> {
    const draw = `${this.setting.spec.training.seed}/evaluation`;
    const collected = await this.collector?.collect([batch], { draw, kept: {}, breathe: async () => {} });
    const [answered = batch] = collected?.batches ?? [];
    const { own, results } = await this.evaluated(answered);
    const found = this.method.figures(answered, 'evaluate', results['losses'] as Float32Array, results);
    return { ...found, sums: { ...found.sums, ...collected?.sums }, tokens: own.tokens };
  }

  private async evaluated(batch: MicroBatch) {
    const own = await this.given(batch, 'evaluate');
    return { own, results: await this.evaluation.run(own.feeds, own.sizes) };
  }

  private async given(batch: MicroBatch, purpose: Purpose): Promise<OwnFeeds> {
    const readings = this.method.readings(batch, purpose, this.setting);
    const { heads, width } = this.model.config;
    const trees = this.sharing(purpose) ? together(readings, width) : apart(readings);
    const packed = pack(trees, heads);
    if (this.model.scoring?.pooling === 'position')
      this.paddedLength = Math.max(packed.sizes.T, this.paddedLength ?? 0);
    const border = this.border && { border: await this.border.of(batch.examples, readings) };
    const feeds = { ...packed.feeds, ...this.method.feeds(batch, readings, purpose), ...border };
    const sizes = { ...sizesIn(this.training.inputs, feeds), ...packed.sizes };
    return { trees, feeds, sizes, tokens: total(readings.map(({ ids, padding = 0 }) => ids.length - padding)) };
  }

  /**
   * Whether sequences of a batch share the rows that they begin with. Not where dropout is to fall on each of them anew,
   * nor where states are kept by sequence.
   */
  private sharing(purpose: Purpose): boolean {
    return !this.border && !(this.training.drops && purpose === 'train');
  }

  async decodingModel(): Promise<Gpt2 | null> {
    return this.model.scoring ? null : this.decoder();
  }

  closeDecodingModel(): Promise<void> {
    return this.decoding.close();
  }

  private decoder(): Promise<Gpt2> {
    const { threads } = this.setting.spec;
    const device = this.device as DevicePreference;
    return this.decoding.now({ device, ...(threads !== null && { threads }) });
  }

  save(folder: string): Promise<void> {
    const { spec, padId } = this.setting;
    return saveModel(this.model, { spec, padId, paddedLength: this.paddedLength }, folder);
  }

  async dispose(): Promise<void> {
    await this.training.dispose();
    await this.steps?.dispose();
    await this.evaluation.dispose();
    await this.decoding.close();
    await this.border?.dispose();
    await this.collector?.dispose();
  }
}
