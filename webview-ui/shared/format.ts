/** No-break space: a number stays with its unit. */
const NBSP = '\u00a0';

const fixed = (decimals: number): Intl.NumberFormat =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
const [whole, tenths, hundredths] = [fixed(0), fixed(1), fixed(2)] as const;
const oneDigit = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 1 });
const twoDigits = new Intl.NumberFormat('en-US', { minimumSignificantDigits: 2, maximumSignificantDigits: 2 });

/** What stands where there is no number. */
export const NONE = '–';

export const count = (value: number): string => whole.format(value);

/** `1 token`, `3 tokens`; the plural takes an s. */
export const counted = (value: number, noun: string): string =>
  `${count(value)}${NBSP}${noun}${value === 1 ? '' : 's'}`;

/** `23.4 %`, `2.19 %`, `0.21 %`, `0.0003 %`; what is smaller still is told apart by its bits. */
export function percent(share: number | null): string {
  if (share === null) return NONE;
  const value = share * 100;
  if (value !== 0 && value < 0.0001) return `<0.0001${NBSP}%`;
  const digits = value >= 10 ? tenths : value >= 1 ? hundredths : value >= 0.001 ? twoDigits : oneDigit;
  return `${digits.format(value)}${NBSP}%`;
}

/** One decimal, without the unit. */
export const bits = (value: number | null): string => (value === null ? NONE : tenths.format(value));

export const bitsWithUnit = (value: number | null): string => (value === null ? NONE : `${bits(value)}${NBSP}bits`);

/** `+1.3`, `−0.4`. */
export function signedBits(value: number | null): string {
  if (value === null) return NONE;
  const size = bits(Math.abs(value));
  return Number(size) === 0 ? size : `${value < 0 ? '−' : '+'}${size}`;
}

export const bitsPerByte = (value: number | null): string => (value === null ? NONE : hundredths.format(value));

/** `7.42`, `278.9`, `12,345`, `3.1e+11`. */
export function perplexity(value: number | null): string {
  if (value === null) return NONE;
  if (value >= 1e9) return value.toExponential(1);
  return (value < 10 ? hundredths : value < 1000 ? tenths : whole).format(value);
}

/** `1 in 476`. */
export const oneIn = (probability: number): string =>
  `1${NBSP}in${NBSP}${probability > 0 ? count(1 / probability) : '∞'}`;

/** `6 s`, `3 min`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${whole.format(Math.max(1, seconds))}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes}${NBSP}min`;
  return `${Math.floor(minutes / 60)}${NBSP}h ${minutes % 60}${NBSP}min`;
}

/** `1.5 MB`; powers of 1000, as the editor's downloads are told. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1);
  return `${(power ? tenths : whole).format(value / 1000 ** power)}${NBSP}${units[power]}`;
}
