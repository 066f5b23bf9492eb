import { visibleText } from '../../protocol/heat.ts';

/** A token as Markdown shows it: whitespace made visible, the rest as `escaped` has it. */
export const tokenMarkdown = (text: string): string => escaped(visibleText(text));

/**
 * A text as Markdown shows it unchanged: every character that Markdown, HTML, tables, links or theme icons could read
 * as theirs is written as an entity. What would not be seen, or would turn the text around it (control and direction
 * characters), is shown by its code.
 */
export function escaped(text: string): string {
  return [...text]
    .map(character => {
      const code = character.codePointAt(0) ?? 0;
      if (INVISIBLE.test(character)) return `⟨${code.toString(16).toUpperCase().padStart(2, '0')}⟩`;
      return /[!-/:-@[-`{-~]/.test(character) ? `&#${code};` : character;
    })
    .join('');
}

/** Control, format and unassigned characters, and halves of surrogate pairs. */
const INVISIBLE = /^[\p{C}\p{Zl}\p{Zp}]$/u;

/** A link that runs a command. Its argument may hold any text that has no halves of surrogate pairs. */
export function commandLink(label: string, command: string, argument?: unknown, title?: string): string {
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(/[()'*!]/g, percentEncoded);
  return `[${label}](command:${command}${argument === undefined ? '' : `?${encoded}`}${title ? ` "${title}"` : ''})`;
}

const percentEncoded = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/**
 * A bar of up to `cells` spaces on a coloured ground: solid in every font, and nothing that a screen reader reads out.
 * What is more than nothing has one.
 */
export function bar(share: number, cells: number): string {
  const filled = Math.min(cells, Math.max(share > 0 ? 1 : 0, Math.round(share * cells)));
  return `<span style="background-color:var(--vscode-charts-blue);">${'&nbsp;'.repeat(filled)}</span>`;
}
