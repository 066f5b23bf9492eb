import type { Role } from '../run/spec.ts';

/** The column that is the text: of labelled rows, else what is asked. */
export const textColumnOf = ({
  text,
  instruction,
  prompt,
}: Readonly<Partial<Record<Role, string>>>): string | undefined => text ?? instruction ?? prompt;
