/** npm run schema: writes media/run.schema.json, by which editors complete and validate run.json, from its type. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { defaultOf } from '../src/protocol/run/check.ts';
import { RUN_RULES } from '../src/protocol/run/rules.ts';

const root = path.resolve(import.meta.dirname, '..');

export const SCHEMA_FILE = path.join(root, 'media', 'run.schema.json');

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  anyOf?: Schema[];
  [keyword: string]: unknown;
}

/** The type's own structure and sentences; ranges from the rules and defaults from the defaults, so that none is said twice. */
export function runSchema(): string {
  const schema = createGenerator({
    path: path.join(root, 'src/protocol/run/spec.ts'),
    tsconfig: path.join(root, 'tsconfig.json'),
    type: 'RunRequest',
    expose: 'none',
    topRef: false,
    skipTypeCheck: true,
  }).createSchema('RunRequest') as Schema;
  for (const [field, rule] of Object.entries(RUN_RULES)) {
    const place = at(schema, field.split('.'));
    if (!place) throw new Error(`The type RunRequest has no field "${field}".`);
    Object.assign(place, withRange(place, rule.schema ?? {}), { default: defaultOf(field) });
  }
  schema.properties = { $schema: { type: 'string' }, ...schema.properties };
  const titled = { ...schema, title: 'LM Lab: a request to fine-tune', description: ABOUT, allowComments: true, allowTrailingCommas: true };
  return `${JSON.stringify(titled, null, 2)}\n`;
}

const ABOUT = 'What a run trains, on what, and how. What is left out takes its default. Paths are relative to this file.';

/** The field at a path, in whichever alternative has it. */
function at(schema: Schema, [name, ...rest]: readonly string[]): Schema | undefined {
  if (name === undefined) return schema;
  const own = schema.properties?.[name];
  if (own) return at(own, rest);
  return schema.anyOf?.map(one => at(one, [name, ...rest])).find(found => found !== undefined);
}

/** A whole number that may be null, or a word, stays so. */
function withRange(place: Schema, range: Readonly<Record<string, unknown>>): Schema {
  const { type, ...limits } = range;
  if (place.type === undefined) return {};
  const known = [place.type].flat();
  const types = type === 'integer' ? known.map(one => (one === 'number' ? 'integer' : one)) : known;
  return { type: types.length === 1 ? types[0] : types, ...limits } as Schema;
}

if (process.argv[1] === import.meta.filename) await writeFile(SCHEMA_FILE, runSchema());
