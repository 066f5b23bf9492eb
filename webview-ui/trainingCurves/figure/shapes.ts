/** A figure for a paper: lines and words at places, from which SVG, PDF and PNG are written alike. In points. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

export type Shape = Line | Words;

export interface Line {
  readonly kind: 'line';
  readonly points: ReadonlyArray<readonly [x: number, y: number]>;
  /** `#rrggbb` */
  readonly colour: string;
  readonly width: number;
  readonly dash: readonly number[];
  readonly opacity: number;
  /** A closed line is filled and has no stroke. */
  readonly filled?: boolean;
}

export interface Words {
  readonly kind: 'words';
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
}
