import { count } from '../../shared/format.ts';
import type { XAxis } from '../data/points.ts';

/** `0.3127`, `12.4`, `5.0e-5`, `97.3 %`: four digits, as one reads off a curve. */
export function valueText(value: number, share: boolean): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : '∞';
  if (share) return `${(value * 100).toFixed(1)}\u00a0%`;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e6) return value.toExponential(2);
  if (size >= 1000) return count(value);
  return value.toPrecision(4);
}

/** A value as an axis has it: as short as it can be told. */
export function tickText(value: number, share: boolean): string {
  if (share) return `${Number((value * 100).toFixed(2))}%`;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3) return value.toExponential().replace('e-', 'e−').replace(/\.0+e/, 'e');
  return size >= 10_000 ? shortCount(value) : String(Number(value.toPrecision(5)));
}

/** `12k`, `1.5M`. */
export function shortCount(value: number): string {
  const size = Math.abs(value);
  if (size < 1000) return String(Number(value.toPrecision(3)));
  return size < 1e6 ? `${Number((value / 1e3).toPrecision(3))}k` : `${Number((value / 1e6).toPrecision(3))}M`;
}

/** A place on the axis below: a step, an epoch or a time. */
export function xText(x: number, xAxis: XAxis): string {
  if (xAxis === 'step') return count(x);
  if (xAxis === 'epoch') return String(Number(x.toFixed(2)));
  return clock(x);
}

/** `0:42`, `12:05`, `1:02:05`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export const X_TITLES: Readonly<Record<XAxis, string>> = { step: 'steps', epoch: 'epochs', elapsedSeconds: 'time' };
