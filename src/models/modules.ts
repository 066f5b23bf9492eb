import type { ModuleNode } from '../protocol/engine.ts';
import { elementCount } from './safetensors/dtypes.ts';
import type { TensorDescription } from './weights.ts';

/** The classes of transformers' modeling_gpt2.py by the last part of a module's name. */
const KINDS: Readonly<Record<string, string>> = {
  transformer: 'GPT2Model',
  wte: 'Embedding',
  wpe: 'Embedding',
  h: 'ModuleList',
  ln_1: 'LayerNorm',
  ln_2: 'LayerNorm',
  ln_f: 'LayerNorm',
  attn: 'GPT2Attention',
  mlp: 'GPT2MLP',
  c_attn: 'Conv1D',
  c_proj: 'Conv1D',
  c_fc: 'Conv1D',
  lm_head: 'Linear',
  score: 'Linear',
  summary: 'Linear',
};

/** In the order in which transformers prints them; what is not named here comes after, as the file has it. */
const ORDER = ['transformer', 'wte', 'wpe', 'h', 'ln_1', 'attn', 'ln_2', 'mlp', 'c_attn', 'c_fc', 'c_proj', 'ln_f'];
const PARAMETER_ORDER = ['weight', 'bias'];

/** Parts of a model beside the transformer: their tensors never carry its prefix. */
const HEADS = ['transformer', 'lm_head', 'score', 'classification', 'v_head'];

/**
 * The mask buffers that published GPT-2 files carry: h.0.attn.bias and h.0.attn.masked_bias, constants and not
 * parameters. h.0.attn.c_attn.bias is a parameter.
 */
export const isMaskBuffer = (name: string): boolean => /\.attn\.(masked_)?bias$/.test(name);

/** Tensors that count as parameters: no mask buffers, and a head that is tied to the embedding only once. */
export function parameterTensors(tensors: Iterable<TensorDescription>, tied: boolean): TensorDescription[] {
  return [...tensors].filter(({ name }) => !isMaskBuffer(name) && !(tied && name === 'lm_head.weight'));
}

/**
 * The network as transformers prints it, with the parameters below each module. A tied lm_head shows the embedding's
 * shape and counts 0. The root has no name.
 */
export function moduleTree(tensors: readonly TensorDescription[], architecture: string, tied: boolean): ModuleNode {
  const root: Branch = { tensors: new Map(), branches: new Map() };
  for (const tensor of parameterTensors(tensors, tied)) {
    const path = modulePath(tensor.name, architecture);
    place(root, path, tensor);
  }
  if (tied && architecture === 'GPT2LMHeadModel') {
    const embedding = root.branches.get('transformer')?.branches.get('wte')?.tensors.get('weight');
    if (embedding) place(root, ['lm_head', 'weight'], { ...embedding, shared: true });
  }
  return nodeOf('', architecture, root);
}

type Leaf = TensorDescription & { readonly shared?: boolean };

interface Branch {
  readonly tensors: Map<string, Leaf>;
  readonly branches: Map<string, Branch>;
}

/** `wte.weight` and `transformer.wte.weight` are one tensor: files have it with or without the prefix. */
function modulePath(name: string, architecture: string): string[] {
  const path = name.split('.');
  if (architecture === 'GPT2Model') return path[0] === 'transformer' ? path.slice(1) : path;
  return HEADS.includes(path[0] as string) ? path : ['transformer', ...path];
}

function place(root: Branch, path: readonly string[], tensor: Leaf): void {
  let branch = root;
  for (const part of path.slice(0, -1)) {
    const next = branch.branches.get(part) ?? { tensors: new Map(), branches: new Map() };
    branch.branches.set(part, next);
    branch = next;
  }
  branch.tensors.set(path.at(-1) as string, tensor);
}

function nodeOf(name: string, kind: string, branch: Branch): ModuleNode {
  const parameters = sorted(branch.tensors, PARAMETER_ORDER).map(([name, tensor]) => parameterNode(name, tensor));
  const modules = sorted(branch.branches, ORDER).map(([child, inner]) =>
    nodeOf(child, KINDS[child] ?? (name === 'h' ? 'GPT2Block' : 'Module'), inner),
  );
  const children = [...parameters, ...modules];
  return { name, kind, parameters: children.reduce((sum, child) => sum + child.parameters, 0), children };
}

function parameterNode(name: string, { shape, dtype, shared }: Leaf): ModuleNode {
  return { name, kind: 'Parameter', parameters: shared ? 0 : elementCount(shape), shape, dtype, children: [] };
}

function sorted<T>(map: ReadonlyMap<string, T>, order: readonly string[]): [string, T][] {
  const position = (name: string): number => {
    if (/^\d+$/.test(name)) return Number(name); // the blocks of h
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  return [...map].sort(([a], [b]) => position(a) - position(b));
}
