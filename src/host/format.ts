/** `23.4 %`, `2.19 %`, `0.21 %`, `0.0003 %`: as the panel writes it. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value === 0) return '0 %';
  if (value < 1e-4) return '<0.0001 %';
  if (value >= 1) return `${value.toFixed(value >= 10 ? 1 : 2)} %`;
  return `${value.toPrecision(value >= 1e-3 ? 2 : 1)} %`;
}

/** `1st`, `2nd`, `13th`, `1,021st`. */
export function ordinal(rank: number): string {
  const suffix = { one: 'st', two: 'nd', few: 'rd' }[
    new Intl.PluralRules('en', { type: 'ordinal' }).select(rank) as string
  ];
  return `${rank.toLocaleString('en')}${suffix ?? 'th'}`;
}

/** In decimal units, as hubs and disks give them: `548 MB`, `1.52 GB`. */
export function bytes(count: number): string {
  return scaled(count, ['B', 'kB', 'MB', 'GB', 'TB']);
}

/** `124 M`, `1.56 B`. */
export function count(parameters: number): string {
  return scaled(parameters, ['', 'K', 'M', 'B', 'T']).trim();
}

function scaled(value: number, units: readonly string[]): string {
  let [rest, unit] = [value, 0];
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 ? rest : Number(rest.toPrecision(3))} ${units[unit]}`;
}

/** Rough, as one says it: `8 s`, `3 min`, `1.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}
