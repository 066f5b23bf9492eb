import type { Call } from './engine.ts';
import type { Precision } from './precision.ts';
import type { Result } from './result.ts';

/** What may be asked of the engine about giving a model away. */
export interface ExportApi {
  /** Writes a model to a folder, for other programs. */
  exportModel(request: ExportModelRequest, call?: Call): Promise<Result<{ readonly files: readonly string[] }>>;
}

export interface ExportModelRequest {
  readonly model: string;
  /** `safetensors`: a Hugging Face folder. `onnx`: the same with model.onnx, or that alone with weights in int8 or int4. */
  readonly format: 'safetensors' | 'onnx';
  /** Made where it is missing; it must be empty. */
  readonly folder: string;
  /** What the weights are written in, int8 and int4 with onnx only. Absent: f32 with onnx, else as they are stored. */
  readonly precision?: Precision;
  /** An adapter becomes one model with its base. */
  readonly merge: boolean;
}
