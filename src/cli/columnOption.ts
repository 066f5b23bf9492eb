import { InvalidArgumentError } from 'commander';
import type { Role } from '../protocol/run/spec.ts';

/** Parses `role=column`, one after the other. */
export function column(value: string, before: Partial<Record<Role, string>>): Partial<Record<Role, string>> {
  const [, role, name] = /^([a-z]+)=(.+)$/.exec(value) ?? [];
  if (role === undefined || name === undefined)
    throw new InvalidArgumentError('It must be a role, = and a column, such as text=review.');
  return { ...before, [role]: name };
}
