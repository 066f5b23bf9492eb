import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { runSchema, SCHEMA_FILE } from '../../../../.ci/runSchema.ts';
import { RUN_RULES } from '../../../../src/protocol/run/rules.ts';

interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

const schema = JSON.parse(await readFile(SCHEMA_FILE, 'utf8')) as Schema;

/** The fields below a place of the schema that a rule of ours knows, and sections that have none. */
function fieldsOf({ properties = {}, anyOf = [] }: Schema, prefix = ''): string[] {
  const own = Object.entries(properties).flatMap(([name, inside]) => {
    const path = `${prefix}${name}`;
    const known = Object.keys(RUN_RULES).some(rule => rule.startsWith(`${path}.`));
    return known ? fieldsOf(inside, `${path}.`) : [path];
  });
  return [...own, ...anyOf.flatMap(one => fieldsOf(one, prefix))];
}

it('is the one that its type gives today (else: npm run schema)', async () => {
  expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(runSchema());
}, 30_000);

it('has every field that is checked, and no other', () => {
  expect(fieldsOf(schema).toSorted()).toEqual([...Object.keys(RUN_RULES), '$schema'].toSorted());
});

it('tells of each field what it does, with its default', () => {
  const training = schema.properties?.['training']?.properties ?? {};
  const told = Object.entries(training).filter(([, { description }]) => description?.endsWith('.'));
  expect(told.map(([name]) => name)).toEqual(Object.keys(training));
  expect(training['learningRate']).toMatchObject({ default: 5e-5, exclusiveMinimum: 0 });
  expect(training['maxSteps']).toMatchObject({ type: ['integer', 'null'], default: null, minimum: 1 });
});
