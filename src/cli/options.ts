import { InvalidArgumentError, Option } from 'commander';
import type { DevicePreference, ModelChoice } from '../protocol/engine.ts';
import { type Precision, PRECISIONS } from '../protocol/precision.ts';

// Options that mean the same in every command. They are made anew for each: commander keeps state in them.

export interface JsonOption {
  readonly json?: boolean;
}

export interface ModelOption {
  readonly model: string;
}

export interface DeviceOptions {
  readonly device: DevicePreference;
  readonly precision?: Precision;
}

export const jsonOption = (): Option => new Option('--json', 'one JSON document on standard output');

export const modelOption = (): Option =>
  new Option('--model <model>', 'an id from the models list, a folder, or a hub name').default('active');

export const deviceOption = (): Option =>
  new Option('--device <device>', 'auto, cpu, cuda, cuda:N, coreml, dml or webgpu').default('auto').argParser(device);

/** One for all models of a command, or one for each. */
export const devicesOption = (): Option =>
  new Option('--device <devices>', 'one as elsewhere, or one for each model, with commas between')
    .default(['auto'], 'auto')
    .argParser(value => value.split(',').map(device));

export const precisionOption = (
  meaning = 'what the weights are kept in; absent: as chosen for the model, else f32',
): Option => new Option('--precision <precision>', meaning).choices(PRECISIONS);

/** The model that the options name, where and how they say. */
export const modelChoice = ({ model, device, precision }: ModelOption & DeviceOptions): ModelChoice => ({
  model,
  device,
  ...(precision && { precision }),
});

/** One for all models of a command, or one for each. */
export const precisionsOption = (): Option =>
  new Option(
    '--precision <precisions>',
    `${PRECISIONS.join(', ')}: one, or one for each model, with commas between`,
  ).argParser(precisions);

export const textOption = (): Option => new Option('--text <text>', 'the text; - reads standard input');

export const topOption = (count: number): Option =>
  new Option('--top <count>', 'how many of the likeliest tokens to list').default(count).argParser(wholeNumber);

export function wholeNumber(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(value);
}

/** The same from 1 on. */
export function count(value: string): number {
  if (!/^0*[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(value);
}

function precisions(value: string): Precision[] {
  const all = value.split(',') as Precision[];
  if (all.every(one => PRECISIONS.includes(one))) return all;
  throw new InvalidArgumentError(`Each must be one of ${PRECISIONS.join(', ')}.`);
}

function device(value: string): DevicePreference {
  if (!/^(auto|cpu|cuda(:\d+)?|coreml|dml|webgpu)$/.test(value))
    throw new InvalidArgumentError('It must be auto, cpu, cuda, cuda:N, coreml, dml or webgpu.');
  return value as DevicePreference;
}
