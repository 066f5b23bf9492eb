import type { Gpt2 } from '../../gpt2/model.ts';
import type { Device } from '../../onnx/devices.ts';
import { float32 } from '../../onnx/session.ts';
import type { DevicePreference } from '../../protocol/engine.ts';
import { evaluationGraph, trainingGraph } from '../graphs/modelGraph.ts';
import { pack } from '../graphs/packing.ts';
import type { DropoutKey, Figures, Learner, MicroBatch } from '../learner.ts';
import type { Found, Method, Purpose, Setting } from '../methods/method.ts';
import { addGradients } from './accumulation.ts';
import { BorderStates } from './borderStates.ts';
import { DecodingModel } from './decoding.ts';
import type { TrainingModel } from './model.ts';
import type { TrainedParameter } from './parameter.ts';
import { Run } from './runs.ts';
import { saveModel } from './save.ts';
import { notesOn } from './scoringHead.ts';

/** A model that learns by ONNX graphs: one for training, one for evaluation. */
export class GraphLearner implements Learner {
  readonly device: string;
  readonly notes: readonly string[];
  readonly parameters: readonly TrainedParameter[];
  private readonly model: TrainingModel;
  private readonly method: Method;
  private readonly setting: Setting;
  private readonly training: Run;
  private readonly evaluation: Run;
  private readonly decoding: DecodingModel;
  /** Where lower blocks are frozen and see no dropout: what comes out of them is kept. */
  private readonly border: BorderStates | null;
  /** The longest that sequences were filled up to, where the padded end is what is read. */
  private paddedLength: number | null;

  constructor(model: TrainingModel, method: Method, setting: Setting, device: Device) {
    this.model = model;
    this.method = method;
    this.setting = setting;
    this.device = device.report.device;
    this.parameters = model.parameters;
    this.paddedLength = model.paddedLength;
    this.notes = model.scoring ? notesOn(model.scoring) : [];
    const keeps = model.frozenBelow && model.fromBlock > 0 && setting.spec.training.dropout === 0;
    this.border = keeps ? new BorderStates(model, device) : null;
    this.training = new Run(model, trainingGraph(model, method, setting, keeps), device);
    this.decoding = new DecodingModel(model);
    this.evaluation = new Run(model, evaluationGraph(model, method, setting, keeps), device);
  }

  /** Opens the session that trains, so that a device that cannot is found at once. */
  open(): Promise<void> {
    return this.training.open();
  }

  unitsOf(batch: MicroBatch): number {
    return this.method.units(batch);
  }

  clearGradients(): void {
    for (const parameter of this.parameters) parameter.clearGradient();
  }

  async accumulate(batch: MicroBatch, unitsOfStep: number, dropout: DropoutKey): Promise<Figures> {
    const { given, sizes, tokens } = await this.prepared(batch, 'train');
    const units = this.method.units(batch);
    const weights = float32(new Float32Array(units).fill(1 / unitsOfStep), [units, 1]);
    const feeds = { ...given, weights };
    const results = await this.training.run(feeds, sizes, dropout);
    addGradients(this.parameters, this.training.built.gradients, results, feeds);
    return { ...this.method.figures(batch, 'train', results['losses'] as Float32Array, results), tokens };
  }

  async evaluate(batch: MicroBatch): Promise<Figures & Found> {
    const { given, sizes, tokens } = await this.prepared(batch, 'evaluate');
    const results = await this.evaluation.run(given, sizes);
    return { ...this.method.figures(batch, 'evaluate', results['losses'] as Float32Array, results), tokens };
  }

  private async prepared(batch: MicroBatch, purpose: Purpose) {
    const readings = this.method.readings(batch, purpose, this.setting);
    const { feeds, sizes } = pack(readings, this.model.config.heads);
    const padding = readings.reduce((sum, { padding = 0 }) => sum + padding, 0);
    if (this.model.scoring?.pooling === 'position') this.paddedLength = Math.max(sizes.T, this.paddedLength ?? 0);
    const border = this.border && { border: await this.border.of(batch.examples, readings) };
    const given = { ...feeds, ...this.method.feeds(batch, readings, purpose), ...border };
    const sharedTokens = readings.reduce((sum, { fork }) => sum + (fork?.from ?? 0), 0);
    return { given, sizes, tokens: sizes.S - padding + sharedTokens };
  }

  async decodingModel(): Promise<Gpt2 | null> {
    if (this.model.scoring) return null;
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
    await this.evaluation.dispose();
    await this.decoding.dispose();
    await this.border?.dispose();
  }
}
