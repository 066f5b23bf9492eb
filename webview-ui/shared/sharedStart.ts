/** As much of a template as would only be read again and again. */
const SHARED_CHARACTERS = 60;

/** How many characters all prompts begin with, up to the end of a line; 0 where that is little. */
export function sharedStart([first = '', ...others]: readonly string[]): number {
  if (others.length === 0) return 0;
  let same = 0;
  while (same < first.length && others.every(prompt => prompt[same] === first[same])) same++;
  const start = first.lastIndexOf('\n', same - 1) + 1;
  return start >= SHARED_CHARACTERS ? start : 0;
}
