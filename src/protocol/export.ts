import type { Call } from './engine.ts';
import type { Result } from './result.ts';

/** What may be asked of the engine about giving a model away. */
export interface ExportApi {
  /** Writes a model to a folder, for other programs. */
  exportModel(request: ExportModelRequest, call?: Call): Promise<Result<{ readonly files: readonly string[] }>>;
}

export interface ExportModelRequest {
  readonly model: string;
  /** `safetensors`: a Hugging Face folder. `onnx`: the same with model.onnx, in float32. */
  readonly format: 'safetensors' | 'onnx';
  /** Made where it is missing; it must be empty. */
  readonly folder: string;
  /** An adapter becomes one model with its base. */
  readonly merge: boolean;
}
