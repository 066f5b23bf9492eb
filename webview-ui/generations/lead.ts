/** As much as tells what a text goes on from. */
const LEAD_CHARACTERS = 60;

/** The end of a prompt, from a word on. */
export function leadOf(prompt: string): string {
  if (prompt.length <= LEAD_CHARACTERS) return prompt;
  const end = prompt.slice(-LEAD_CHARACTERS);
  return `…${end.slice(end.search(/\s/) + 1)}`;
}
