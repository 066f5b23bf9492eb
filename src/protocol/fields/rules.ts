/** What the value of a field of a request may be. */
export interface FieldRule {
  /** Completes the sentence “It must be …”. */
  readonly must: string;
  allows(value: unknown): boolean;
  /** The same as far as JSON Schema can say it. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

export const HIGHEST_SEED = 2 ** 32 - 1;

export const whole = (from: number, to = Number.MAX_SAFE_INTEGER): FieldRule => ({
  must: to === Number.MAX_SAFE_INTEGER ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
  allows: value => Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
  schema: { type: 'integer', minimum: from, ...(to !== Number.MAX_SAFE_INTEGER && { maximum: to }) },
});
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
export const above = (limit: number): FieldRule => ({
  must: `a number above ${limit}`,
  allows: value => isNumber(value) && value > limit,
  schema: { exclusiveMinimum: limit },
});
export const from = (limit: number): FieldRule => ({
  must: `a number from ${limit}`,
  allows: value => isNumber(value) && value >= limit,
  schema: { minimum: limit },
});
export const between = (low: number, high: number): FieldRule => ({
  must: `a number from ${low} to ${high}`,
  allows: value => isNumber(value) && value >= low && value <= high,
  schema: { minimum: low, maximum: high },
});
/** From 0, and below 1. */
export const below1: FieldRule = {
  must: 'a number from 0, and below 1',
  allows: value => isNumber(value) && value >= 0 && value < 1,
  schema: { minimum: 0, exclusiveMaximum: 1 },
};
export const yes: FieldRule = { must: 'true or false', allows: value => typeof value === 'boolean' };
export const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
export const text: FieldRule = { must: 'a text that is not empty', allows: isText, schema: { minLength: 1 } };
export const file: FieldRule = { ...text, must: 'the path of a file' };
export const oneOf = (...values: readonly string[]): FieldRule => ({
  must: listed(values),
  allows: value => typeof value === 'string' && values.includes(value),
});
export const orNull = (rule: FieldRule): FieldRule => ({
  ...rule,
  must: `${rule.must}, or null`,
  allows: value => value === null || rule.allows(value),
});
export const orWord = (word: string, { must, allows }: FieldRule): FieldRule => ({
  must: `${must}, or ${JSON.stringify(word)}`,
  allows: value => value === word || allows(value),
});
export const custom = (must: string, allows: (value: unknown) => boolean): FieldRule => ({ must, allows });

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isListOf = (value: unknown, allows: (item: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && value.every(allows);
export const isDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
export const hasTexts = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);

export const device: FieldRule = {
  must: 'auto, cpu, cuda, cuda:0, cuda:1, …, coreml, dml or webgpu',
  allows: value => typeof value === 'string' && /^(auto|cpu|cuda(:\d+)?|coreml|dml|webgpu)$/.test(value),
  schema: { pattern: '^(auto|cpu|cuda(:\\d+)?|coreml|dml|webgpu)$' },
};

/** `a`, `a or b`, `a, b or c`. */
function listed(values: readonly string[]): string {
  const quoted = values.map(value => JSON.stringify(value));
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
