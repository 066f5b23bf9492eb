import jstat from 'jstat';

const { jStat } = jstat;

/** Of every interval here. */
const CONFIDENCE = 0.95;

/** Standard errors on either side of a mean that hold the confidence, by Student's distribution. */
export const studentQuantile = (degreesOfFreedom: number): number =>
  jStat.studentt.inv((1 + CONFIDENCE) / 2, degreesOfFreedom);

/** The regularized incomplete beta function I(x; a, b). */
export const incompleteBeta = (x: number, a: number, b: number): number => jStat.ibeta(x, a, b);
