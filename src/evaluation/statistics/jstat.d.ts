/** What we use of it; the package brings no types, and is CommonJS, whose names Node does not see. */
declare module 'jstat' {
  const jstat: {
    readonly jStat: {
      readonly studentt: { inv(probability: number, degreesOfFreedom: number): number };
      /** The regularized incomplete beta function I_x(a, b). */
      ibeta(x: number, a: number, b: number): number;
    };
  };
  // oxlint-disable-next-line import/no-default-export -- the package's own
  export default jstat;
}
