import { DTYPE_BYTES, type Dtype, elementCount } from '../safetensors/dtypes.ts';
import { isGlobal, type Pickled, refused, unpickle } from './unpickle.ts';

/** A tensor of a state dict, and where its bytes lie in one of the archive's storages. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly storage: string;
  /** In bytes from the start of the storage. */
  readonly offset: number;
}

const STORAGES: Readonly<Record<string, Dtype>> = {
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.DoubleStorage': 'F64',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};
const TENSOR = 'torch._utils._rebuild_tensor_v2';
const PARAMETER = 'torch._utils._rebuild_parameter';
const ALLOWED = new Set([...Object.keys(STORAGES), TENSOR, PARAMETER, 'collections.OrderedDict']);

/**
 * The tensors of a state dict that torch.save wrote, from its data.pkl.
 * @throws Reasoned `pickle-refused` for anything that is not names and contiguous tensors.
 */
export function readStateDict(pickle: Uint8Array): StoredTensor[] {
  const dictionary = unpickle(pickle, ALLOWED);
  if (!(dictionary instanceof Map)) throw refused('it is not a dictionary of tensors');
  return [...dictionary].map(([name, value]) => {
    if (typeof name !== 'string') throw refused(`it has the key ${String(name)}, which is no tensor's name`);
    return tensorOf(name, value);
  });
}

function tensorOf(name: string, value: Pickled): StoredTensor {
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'called')
    throw refused(`"${name}" is not a tensor`);
  if (value.name === PARAMETER) return tensorOf(name, value.args[0] as Pickled);
  const [storage, elementOffset, shape, stride] = value.args;
  if (value.name !== TENSOR || !isSizes(shape) || !isSizes(stride) || !isSize(elementOffset))
    throw refused(`"${name}" is not a tensor as torch.save writes it`);
  if (!isContiguous(shape, stride))
    throw refused(`"${name}" [${shape.join(', ')}] has the strides [${stride.join(', ')}] and is not contiguous`);
  const { dtype, key, elements } = storageOf(name, storage);
  if (elementOffset + elementCount(shape) > elements)
    throw refused(`"${name}" [${shape.join(', ')}] goes beyond its storage of ${elements} elements`);
  return { name, dtype, shape, storage: key, offset: elementOffset * DTYPE_BYTES[dtype] };
}

function storageOf(name: string, value: Pickled | undefined): { dtype: Dtype; key: string; elements: number } {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  const [kind, storageType, key, , elements] = Array.isArray(id) ? id : [];
  const dtype = isGlobal(storageType) ? STORAGES[storageType.name] : undefined;
  if (kind !== 'storage' || !dtype || typeof key !== 'string' || !isSize(elements))
    throw refused(`"${name}" has no storage as torch.save writes it`);
  return { dtype, key, elements };
}

/** Row-major without gaps; the stride of a dimension of size 1 means nothing. */
function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== expected) return elementCount(shape) === 0;
    expected *= shape[i] as number;
  }
  return shape.length === stride.length;
}

const isSize = (value: Pickled | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isSizes = (value: Pickled | undefined): value is number[] => Array.isArray(value) && value.every(isSize);
