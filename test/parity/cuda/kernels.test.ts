import { describe, expect, test } from 'vitest';
import { tokensGraph } from '../../../src/decoding/run/tokensGraph.ts';
import { gpt2Config } from '../../../src/gpt2/config.ts';
import { openWeightsIn } from '../../../src/gpt2/precision/open.ts';
import { headGraph, trunkGraph } from '../../../src/gpt2/graphs.ts';
import { openWeights } from '../../../src/gpt2/weights.ts';
import { readFolderConfig } from '../../../src/models/config.ts';
import { computeFromBlocks } from '../../../src/onnx/blockProducts.ts';
import { Graph, type Node, type Tensor } from '../../../src/onnx/graph.ts';
import { computeProductsIn } from '../../../src/onnx/halfProducts.ts';
import { loop } from '../../../src/onnx/operators/control.ts';
import { cast } from '../../../src/onnx/operators/elementwise.ts';
import { OPSET_VERSION } from '../../../src/onnx/serialize.ts';
import { complete } from '../../../src/protocol/run/defaults.ts';
import type { RunRequest } from '../../../src/protocol/run/spec.ts';
import { borderGraph, evaluationGraph, trainingGraph } from '../../../src/training/graphs/modelGraph.ts';
import { stepsGraph } from '../../../src/training/graphs/stepsGraph.ts';
import { assembleModel } from '../../../src/training/learner/assemble.ts';
import { METHODS } from '../../../src/training/methods/index.ts';
import { temporaryFolder } from '../../unit/models/temporary.ts';
import { modelFolder, PPO_TRAJECTORIES, TRAJECTORIES, type Trajectory } from '../training/expected.ts';
import { allNodes, CUDA_KERNELS, nodesWithoutKernel } from './kernels.ts';

const opset = Number(OPSET_VERSION);
const used = new Set<string>();

function expectKernels(graphs: Readonly<Record<string, Graph>>): void {
  for (const graph of Object.values(graphs)) {
    expect(allNodes(graph).length).toBeGreaterThan(0);
    for (const { operator, domain } of allNodes(graph)) used.add(domain === '' ? operator : `${domain}.${operator}`);
  }
  const missing = Object.entries(graphs).map(([name, graph]) => [name, [...new Set(nodesWithoutKernel(graph, opset))]]);
  expect(missing).toEqual(Object.keys(graphs).map(name => [name, []]));
}

const productsOf = (graph: Graph): Node[] =>
  allNodes(graph).filter(({ operator }) => /^(Gemm|FusedMatMul)$/.test(operator));

/** Every graph of a run, those of frozen lower blocks with and without what is kept of them. */
async function graphsOf(run: RunRequest, dropout = 0): Promise<Record<string, Graph>> {
  const folder = modelFolder(run);
  const spec = complete({ ...run, training: { ...run.training, dropout } });
  const method = METHODS[spec.method];
  const json = await readFolderConfig(folder);
  const model = await assembleModel(
    spec,
    { scoring: method.scoring?.(spec) ?? null, values: method.values ?? false },
    { config: gpt2Config(json, folder), json },
    { folder },
  );
  const setting = { spec, padId: 0 };
  const borders = model.frozenBelow && model.fromBlock > 0 ? [false, true] : [false];
  const graphs = borders.flatMap(border => [
    [`training, border ${border}`, trainingGraph(model, method, setting, border).graph],
    [`steps, border ${border}`, stepsGraph(model, method, setting, border).graph],
    [`evaluation, border ${border}`, evaluationGraph(model, method, setting, border).graph],
  ]);
  return Object.fromEntries([...graphs, ...(borders.length > 1 ? [['border', borderGraph(model).graph]] : [])]);
}

describe('every node has a kernel on CUDA', () => {
  test.each([...TRAJECTORIES, ...PPO_TRAJECTORIES].map(each => [each.name, each.run] as const))(
    'of the run %s',
    async (_, run) => {
      expectKernels(await graphsOf(run));
      expectKernels(await graphsOf(run, 0.1));
    },
  );

  test.each(['f16', 'bf16'] as const)(
    'of steps of each method in %s, whose products are all of that type',
    async precision => {
      const methods = new Map(TRAJECTORIES.map(({ run }) => [run.method, run] as const));
      for (const run of methods.values()) {
        const { 'steps, border false': steps } = await graphsOf({ ...run, precision, device: 'cuda' });
        expectKernels({ steps: steps as Graph });
        const types = new Set(productsOf(steps as Graph).flatMap(({ inputs }) => inputs.map(({ type }) => type)));
        expect(types).toEqual(new Set([precision === 'f16' ? 'float16' : 'bfloat16']));
      }
    },
  );

  test.each(['relu', 'gelu', 'tanh'] as const)('of a head with a hidden layer and %s', async activation => {
    const { run } = TRAJECTORIES.find(({ name }) => name === 'classification-hidden') as Trajectory;
    const hidden = { size: 8, activation, dropout: 0.1 };
    expectKernels(await graphsOf({ ...run, classification: { ...run.classification, hidden } }));
  });

  test('of each method', () => {
    const methods = [...TRAJECTORIES, ...PPO_TRAJECTORIES].map(({ run }) => run.method);
    expect(new Set(methods)).toEqual(new Set(Object.keys(METHODS)));
  });

  test.each(['head-size-12', 'head-size-64-untied-gelu', 'relu-inner-f16'])(
    'of scoring and decoding with %s',
    async name => {
      const folder = modelFolder({ method: 'lm', model: name, dataset: { file: '' } });
      const config = gpt2Config(await readFolderConfig(folder), folder);
      const weights = await openWeights(folder, config);
      for (const products of [null, 'float16', 'bfloat16'] as const) {
        const graphs = { trunk: trunkGraph(config, weights), head: headGraph(config, weights) };
        if (products) for (const graph of Object.values(graphs)) computeProductsIn(products, graph);
        const tokens = tokensGraph(config, weights, products);
        expectKernels({ ...graphs, tokens });
        const types = new Set(productsOf(tokens).flatMap(({ inputs }) => inputs.map(({ type }) => type)));
        expect(types).toEqual(new Set([products ?? 'float32']));
      }
    },
  );

  test.each(['f16', 'bf16', 'int8', 'int4'] as const)('of scoring and decoding with weights in %s', async precision => {
    const folder = modelFolder({ method: 'lm', model: 'head-size-64-untied-gelu', dataset: { file: '' } });
    const config = gpt2Config(await readFolderConfig(folder), folder);
    const weights = await openWeightsIn(precision, folder, config, { home: await temporaryFolder() });
    const products = { f16: 'float16', bf16: 'bfloat16', int8: null, int4: null } as const;
    const graphs = {
      trunk: trunkGraph(config, weights),
      head: headGraph(config, weights),
      tokens: tokensGraph(config, weights, products[precision]),
    };
    for (const graph of Object.values(graphs)) computeFromBlocks(graph);
    expectKernels(graphs);
    const operators = new Set(allNodes(graphs.tokens).map(({ operator }) => operator));
    expect(operators.has('MatMulNBits')).toBe(precision.startsWith('int'));
  });

  test('and no kernel is listed that none of them uses', () => {
    expect(Object.keys(CUDA_KERNELS).filter(name => !used.has(name))).toEqual([]);
  });
});

const WRONG: ReadonlyArray<readonly [name: string, build: (graph: Graph) => void, told: string]> = [
  ['an operator', graph => graph.node('Det', [graph.scalar(1)], [graph.scalar(1)]), 'Det: no kernel is listed'],
  [
    'the type of an input',
    graph => graph.node('Exp', [graph.input('x', 'int64', [])], [graph.scalar(1)]),
    'Exp: "x" is int64',
  ],
  [
    'the type of a further one',
    graph =>
      graph.node('Concat', [graph.integers([1]), { ...graph.scalar(1), name: 'y', type: 'text' as 'int64' }], []),
    'Concat: "y" is text',
  ],
  [
    'the type of a result',
    graph => graph.node('TopK', [graph.scalar(1), graph.integers([1])], [graph.scalar(1), graph.scalar(1)]),
    'TopK: "v1" is float32',
  ],
  [
    'a node within a loop',
    graph => {
      const turns = { count: graph.input('count', 'int64', []), size: 'turns' };
      loop(graph, turns, [graph.scalar(1)], ({ states: [x] }) => ({
        states: (x as Tensor).graph.node('Det', [x as Tensor], [x as Tensor]),
        collected: [],
      }));
    },
    'Det: no kernel is listed',
  ],
];

test.each(WRONG)('%s that has none is told', (_, build, told) => {
  const graph = new Graph();
  build(graph);
  expect(nodesWithoutKernel(graph, opset)).toEqual([told]);
});

test('a row of the table holds for its opsets alone', () => {
  const graph = new Graph();
  cast(graph.scalar(1), 'int32');
  expect(nodesWithoutKernel(graph, 20)).toEqual([]);
  expect(nodesWithoutKernel(graph, 21)).toEqual(['Cast: the kernel listed is of opset 19 to 20']);
});
