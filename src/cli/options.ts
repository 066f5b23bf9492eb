import { InvalidArgumentError, Option } from 'commander';
import type { DevicePreference } from '../protocol/engine.ts';
import { Reasoned } from '../protocol/result.ts';

// Options that mean the same in every command. They are made anew for each: commander keeps state in them.

export interface JsonOption {
  readonly json?: boolean;
}

export interface ModelOption {
  readonly model: string;
}

export interface DeviceOptions {
  readonly device: DevicePreference;
  readonly precision: string;
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

const PRECISIONS = ['f32', 'f16', 'bf16', 'int8', 'int4'];

export const precisionOption = (): Option => new Option('--precision <precision>').choices(PRECISIONS).default('f32');

/** One for all models of a command, or one for each. */
export const precisionsOption = (): Option =>
  new Option('--precision <precisions>', `${PRECISIONS.join(', ')}: one, or one for each model, with commas between`)
    .default(['f32'], 'f32')
    .argParser(precisions);

export const textOption = (): Option => new Option('--text <text>', 'the text; - reads standard input');

export const topOption = (count: number): Option =>
  new Option('--top <count>', 'how many of the likeliest tokens to list').default(count).argParser(wholeNumber);

/** Throws `precision-unsupported`: models are computed in float32, however they are stored. */
export function requireFloat32({ precision }: Pick<DeviceOptions, 'precision'>): void {
  if (precision !== 'f32')
    throw new Reasoned(
      'precision-unsupported',
      `Models can't be run in ${precision} yet.`,
      'Leave --precision out: models stored in half precision are computed in float32.',
    );
}

export function wholeNumber(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(value);
}

/** The same from 1 on. */
export function count(value: string): number {
  if (!/^0*[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(value);
}

function precisions(value: string): string[] {
  const all = value.split(',');
  if (all.every(one => PRECISIONS.includes(one))) return all;
  throw new InvalidArgumentError(`Each must be one of ${PRECISIONS.join(', ')}.`);
}

function device(value: string): DevicePreference {
  if (!/^(auto|cpu|cuda(:\d+)?|coreml|dml|webgpu)$/.test(value))
    throw new InvalidArgumentError('It must be auto, cpu, cuda, cuda:N, coreml, dml or webgpu.');
  return value as DevicePreference;
}
