/** The one heat scale: a token's step is how many of these surprisals, in bits, it reaches. Step 0 has no heat. */
export const HEAT_STEPS_BITS = [1, 3, 6, 9, 12] as const;

/** 0 (under 1 bit, or not scored) to 5 (12 bits and more). */
export function heatStep(surprisalBits: number | null): number {
  return surprisalBits === null ? 0 : HEAT_STEPS_BITS.filter(bits => surprisalBits >= bits).length;
}

/** Whitespace and undecodable bytes made visible, for display only: copying gives the real text. */
export function visibleText(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\n', '⏎').replaceAll('\r', '␍').replaceAll('\t', '⇥');
}
