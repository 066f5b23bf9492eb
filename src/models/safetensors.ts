/** Weights on disk: where each tensor lies, its values, and writing them. */
export { DTYPE_BYTES, type Dtype } from './safetensors/dtypes.ts';
export { bytesOf, type Half, HALVES } from './safetensors/halves.ts';
export { readBytes, readFloat32, rowsOf } from './safetensors/float32.ts';
export { halves, notANumber, type Piece, PIECE_NUMBERS, whole } from './safetensors/pieces.ts';
export { readHeader, readMetadata, type TensorLocation } from './safetensors/header.ts';
export { type TensorToWrite, writeSafetensors } from './safetensors/write.ts';
export { openTensors } from './weights.ts';
