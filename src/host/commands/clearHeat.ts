import { textEditor } from '../editor/textEditor.ts';
import type { Lab } from '../lab.ts';

/** Takes the heat off the active document. The panel keeps its figures. */
export function clearHeat(lab: Lab): void {
  const document = textEditor()?.document;
  if (document) lab.scores.hide(document);
}
