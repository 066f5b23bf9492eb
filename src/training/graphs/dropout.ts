import type { Shape } from '../../onnx/dimension.ts';
import type { Graph, Tensor } from '../../onnx/graph.ts';
import { cast, multiply, scale } from '../../onnx/operators/elementwise.ts';

/** A place in the graph where values are dropped: its mask is an input of this name, with the shape of the values. */
export interface DropoutSite {
  readonly name: string;
  /** Among all places of the model. */
  readonly number: number;
  readonly rate: number;
  readonly shape: Shape;
}

/**
 * Dropout by masks that are given (1: kept). They are made outside, from a counter (dropoutMasks.ts): ONNX's random
 * operators keep a state that cannot be saved, and a hash made of ONNX nodes takes a pass over memory for each of its
 * steps, where a byte a value costs next to nothing.
 */
export class Dropout {
  readonly sites: DropoutSite[] = [];
  private readonly graph: Graph;
  private readonly first: number;

  /** `first`: the number of the graph's first place. */
  constructor(graph: Graph, first = 0) {
    this.graph = graph;
    this.first = first;
  }

  /** The number of the place that comes next. */
  get next(): number {
    return this.first + this.sites.length;
  }

  /** A rate of 0 adds nothing to the graph. */
  at(rate: number, x: Tensor): Tensor {
    if (rate === 0) return x;
    const site = { name: `dropout.${this.next}`, number: this.next, rate, shape: x.shape };
    this.sites.push(site);
    const kept = this.graph.input(site.name, 'bool', x.shape);
    return multiply(x, scale(cast(kept, x.type), 1 / (1 - rate)));
  }
}
