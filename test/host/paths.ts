import path from 'node:path';

/** The checkout. */
export const root = path.resolve(import.meta.dirname, '../..');

/** What the host installs and remembers; git ignores it. */
export const cache = path.join(import.meta.dirname, '.cache');

/** The workspace a newcomer opens first. */
export const samples = path.join(root, 'samples');
