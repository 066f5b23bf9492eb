import type { Gpt2 } from '../../gpt2/model.ts';
import type { Device } from '../../onnx/devices.ts';
import { float32, type Numbers } from '../../onnx/session.ts';
import { Reasoned } from '../../protocol/result.ts';
import { evaluationGraph, trainingGraph } from '../graphs/modelGraph.ts';
import { pack, type Reading } from '../graphs/packing.ts';
import type { DropoutKey, Figures, Learner, MicroBatch } from '../learner.ts';
import type { Found, Method, Setting } from '../methods/method.ts';
import { addGradients } from './accumulation.ts';
import type { TrainingModel } from './model.ts';
import type { TrainedParameter } from './parameter.ts';
import { Run } from './runs.ts';

/** A model that learns by ONNX graphs: one for training, one for evaluation. */
export class GraphLearner implements Learner {
  readonly device: string;
  readonly notes: readonly string[] = [];
  readonly parameters: readonly TrainedParameter[];
  private readonly model: TrainingModel;
  private readonly method: Method;
  private readonly setting: Setting;
  private readonly training: Run;
  private readonly evaluation: Run;

  constructor(model: TrainingModel, method: Method, setting: Setting, device: Device) {
    this.model = model;
    this.method = method;
    this.setting = setting;
    this.device = device.report.device;
    this.parameters = model.parameters;
    this.training = new Run(model, trainingGraph(model, method, setting, false), device);
    this.evaluation = new Run(model, evaluationGraph(model, method, setting, false), device);
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
    const readings = this.method.readings(batch, 'train', this.setting);
    const { feeds, sizes } = pack(readings, this.model.config.heads);
    const units = this.method.units(batch);
    const weights = float32(new Float32Array(units).fill(1 / unitsOfStep), [units, 1]);
    const given = { ...feeds, ...this.method.feeds(batch, readings, 'train'), weights };
    const results = await this.training.run(given, sizes, dropout);
    addGradients(this.parameters, this.training.built.gradients, results, given);
    return { ...this.figures(batch, 'train', results), tokens: realTokens(readings) };
  }

  async evaluate(batch: MicroBatch): Promise<Figures & Found> {
    const readings = this.method.readings(batch, 'evaluate', this.setting);
    const { feeds, sizes } = pack(readings, this.model.config.heads);
    const results = await this.evaluation.run({ ...feeds, ...this.method.feeds(batch, readings, 'evaluate') }, sizes);
    return { ...this.figures(batch, 'evaluate', results), tokens: realTokens(readings) };
  }

  private figures(batch: MicroBatch, purpose: 'train' | 'evaluate', results: Readonly<Record<string, Numbers>>): Found {
    const found = this.method.figures(batch, purpose, results['losses'] as Float32Array, results);
    if (Number.isFinite(found.lossSum)) return found;
    throw new Reasoned(
      'loss-not-a-number',
      `The loss of ${batch.rows.length} rows is ${found.lossSum}.`,
      'Lower the learning rate, or clip gradients (maxGradientNorm); the last checkpoint is untouched.',
    );
  }

  async decodingModel(): Promise<Gpt2 | null> {
    throw new Error('soon');
  }

  async save(): Promise<void> {
    throw new Error('soon');
  }

  async dispose(): Promise<void> {
    await this.training.dispose();
    await this.evaluation.dispose();
  }
}

const realTokens = (readings: readonly Reading[]): number =>
  readings.reduce((sum, { ids, padding = 0 }) => sum + ids.length - padding, 0);
