import { arrange } from '../../onnx/arrange.ts';
import { Graph, type Tensor } from '../../onnx/graph.ts';
import { multiply } from '../../onnx/operators/elementwise.ts';
import { reshape } from '../../onnx/operators/layout.ts';
import { reduceSum } from '../../onnx/operators/reductions.ts';
import type { TrainingModel } from '../learner/model.ts';
import type { Method, Setting } from '../methods/method.ts';
import { type BuiltGraph, endingGraph, giveGradients, lowestBlock } from './modelGraph.ts';
import { Site } from './site.ts';

// Letters in shapes: S rows (tokens of all sequences), D width.

/**
 * Forward and backward in pieces, of which one is in memory at a time: activation checkpointing (Chen et al. 2016), with
 * the states that enter the blocks as the checkpoints.
 */
export interface BlockGraphs {
  /** Up to the last block: gives what enters each block that trains, [S, D], by the names of `enteringOf`. */
  readonly upwards: BuiltGraph;
  /** Back again, from the last block with the loss down to the lowest that trains; each computes its block anew. */
  readonly downwards: readonly BlockGraph[];
}

export interface BlockGraph extends BuiltGraph {
  readonly block: number;
}

/** The output that the states which enter a block are, [S, D]. */
export const enteringOf = (block: number): string => `entering.${block}`;

/** The input d loss / d what comes out of a block, and the output d loss / d what enters it: [S, D]. */
export const ABOVE = 'gradient.above';
export const BELOW = 'gradient.below';

/** The pieces of `trainingGraph`. */
export function blockGraphs(model: TrainingModel, method: Method, setting: Setting, border: boolean): BlockGraphs {
  const { layers } = model.config;
  const last = layers - 1;
  const start = lowestBlock(model, border);
  const { upwards, places } = upwardsGraph(model, setting, start);
  const firstPlace = (block: number): number => places.get(block) as number;
  // What enters the lowest needs no gradient: it is given, or made of the embeddings in the same piece.
  const backTo = (block: number): { backTo?: string } => (block > model.fromBlock ? { backTo: BELOW } : {});
  const ending = { from: last, firstPlace: firstPlace(last), ...backTo(last) };
  const downwards: BlockGraph[] = [{ block: last, ...endingGraph(model, method, setting, ending) }];
  for (let block = last - 1; block >= model.fromBlock; block--)
    downwards.push(blockGraph(model, setting, { block, firstPlace: firstPlace(block), ...backTo(block) }));
  return { upwards, downwards };
}

/** With the number of each block's first place where values are dropped: those of the embeddings belong to the lowest. */
function upwardsGraph(
  model: TrainingModel,
  setting: Setting,
  start: number,
): { readonly upwards: BuiltGraph; readonly places: ReadonlyMap<number, number> } {
  const graph = new Graph();
  const site = new Site(graph, model, { dropoutRate: setting.spec.training.dropout });
  const places = new Map([[start, site.dropout.next]]);
  let states = site.entering(start);
  for (let block = start + 1; block < model.config.layers; block++) {
    states = site.through(states, block - 1, block);
    places.set(block, site.dropout.next);
    if (block >= model.fromBlock) graph.output(enteringOf(block), states);
  }
  arrange(graph);
  return { upwards: { graph, dropoutSites: site.dropout.sites, gradients: new Map() }, places };
}

interface BlockOptions {
  readonly block: number;
  readonly firstPlace: number;
  readonly backTo?: string;
}

/** The gradients of a block's parameters, and of what enters it, by those of what comes out of it. */
function blockGraph(model: TrainingModel, setting: Setting, { block, firstPlace, backTo }: BlockOptions): BlockGraph {
  const graph = new Graph();
  const site = new Site(graph, model, { dropoutRate: setting.spec.training.dropout, firstPlace });
  const states = site.through(site.entering(block), block, block + 1);
  const gradients = giveGradients(
    graph,
    along(states, graph.input(ABOVE, 'float32', states.shape)),
    model,
    site.tensors,
    backTo,
  );
  arrange(graph);
  return { block, graph, dropoutSites: site.dropout.sites, gradients };
}

/** A scalar whose gradient by `states` is `gradient`. */
const along = (states: Tensor, gradient: Tensor): Tensor => reshape(reduceSum(multiply(states, gradient), [0, 1]), []);
