/** What stands in a text area while one writes there: the host's answer to a key may come after the next key. */
export function asWritten(id: string, known: string): string {
  const focused = document.activeElement;
  return focused instanceof HTMLTextAreaElement && focused.id === id ? focused.value : known;
}
