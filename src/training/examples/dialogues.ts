/** How a dialogue as a plain text begins a turn of the assistant (Anthropic's hh-rlhf, Bai et al. 2022). */
const ASSISTANT = '\n\nAssistant:';

/** A dialogue split where the assistant's last turn begins; any other text is an answer to nothing. */
export function lastTurn(text: string): { readonly asked: string; readonly answer: string } {
  const at = text.lastIndexOf(ASSISTANT);
  const start = at === -1 ? 0 : at + ASSISTANT.length;
  return { asked: text.slice(0, start), answer: text.slice(start) };
}
