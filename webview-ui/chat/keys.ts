/** Enter ends what is written; with Shift it begins a line, and while a character is composed it belongs to that. */
export const endsWriting = ({ key, shiftKey, isComposing }: KeyboardEvent): boolean =>
  key === 'Enter' && !shiftKey && !isComposing;
