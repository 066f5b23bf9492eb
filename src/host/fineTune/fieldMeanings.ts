interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

/** What the schema of run.json says of each field, by its path. */
export function fieldMeanings(schema: Schema, prefix = ''): Record<string, string> {
  const own = Object.entries(schema.properties ?? {}).map(([name, inside]) => ({
    ...(inside.description !== undefined && { [`${prefix}${name}`]: inside.description }),
    ...fieldMeanings(inside, `${prefix}${name}.`),
  }));
  const alternatives = (schema.anyOf ?? []).map(one => fieldMeanings(one, prefix));
  return Object.assign({}, ...own, ...alternatives) as Record<string, string>;
}
