/** The one heat scale: a token's step is how many of these surprisals, in bits, it reaches. Step 0 has no heat. */
export const HEAT_STEPS_BITS = [1, 3, 6, 9, 12] as const;

/**
 * The theme colours of steps 1 to 5, contributed in package.json: the editor's decorations take them as ThemeColor, the
 * pages as `--vscode-lmLab-heat1` and so on. One hue whose steps are even in lightness (CIE L*) over the default
 * themes' backgrounds, and leave the text a contrast of at least 4.5.
 */
export const HEAT_COLORS = ['lmLab.heat1', 'lmLab.heat2', 'lmLab.heat3', 'lmLab.heat4', 'lmLab.heat5'] as const;

/** 0 (under 1 bit, or not scored) to 5 (12 bits and more). */
export function heatStep(surprisalBits: number | null): number {
  return surprisalBits === null ? 0 : HEAT_STEPS_BITS.filter(bits => surprisalBits >= bits).length;
}

/** Whitespace made visible, for display only: copying gives the real text. */
export function visibleText(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\n', '⏎').replaceAll('\r', '␍').replaceAll('\t', '⇥');
}
