/** Names that columns of published datasets bear. */
const COLUMN_NAMES = new Set(
  `text sentence sentence1 sentence2 review content message sms tweet title body document question answer context
  premise hypothesis prompt completion response instruction input output messages chosen rejected label labels class
  category sentiment target score rating id idx index stars name`.split(/\s+/),
);

/** Rows that are looked at for a header and for a separator. */
export const SAMPLE_ROWS = 200;

/**
 * Whether the first of these rows names the columns. It does not where one of its cells is a value of its column (a
 * label that comes again), is empty or comes twice; it does where one bears a usual name, stands over numbers, or is
 * short over long texts.
 */
export function hasHeader([first = [], ...rows]: ReadonlyArray<readonly string[]>): boolean {
  if (rows.length === 0) return first.some(isColumnName) && first.every(cell => cell.length <= 40);
  const names = first.map(cell => cell.trim());
  const [, ...others] = names; // the first is empty where a program wrote its row numbers
  if (others.includes('') || new Set(names).size < names.length || names.every(name => name === '')) return false;
  const columns = names.map((_, index) => rows.map(row => row[index]?.trim() ?? ''));
  const comesAgain = (name: string, index: number): boolean => name !== '' && columns[index]?.includes(name) === true;
  if (names.some(comesAgain)) return false;
  if (names.some(isColumnName)) return true;
  if (names.some((name, index) => !isNumber(name) && numbers(columns[index] ?? []))) return !names.some(isNumber);
  return names.every(isShort) && names.some((name, index) => meanLength(columns[index] ?? []) > 4 * name.length + 8);
}

const isColumnName = (name: string): boolean => COLUMN_NAMES.has(name.trim().toLowerCase());
const isShort = (name: string): boolean => /^[\p{L}_][\p{L}\p{N}_ .-]{0,39}$/u.test(name);
const isNumber = (text: string): boolean => text !== '' && Number.isFinite(Number(text));

const numbers = (values: readonly string[]): boolean => {
  const present = values.filter(value => value !== '');
  return present.length > 0 && present.every(isNumber);
};

const meanLength = (values: readonly string[]): number =>
  values.reduce((sum, value) => sum + value.length, 0) / Math.max(1, values.length);

/** The names in a header, each once; those that are missing are column1, column2, … */
export function columnNames(header: readonly string[] | null, count: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const name = header?.[index]?.trim() || `column${index + 1}`;
    let unique = name;
    for (let number = 2; taken.has(unique); number++) unique = `${name}_${number}`;
    taken.add(unique);
    return unique;
  });
}
