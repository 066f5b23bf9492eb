import type { ModelInfo } from '../../protocol/engine.ts';
import { complete } from '../../protocol/run/defaults.ts';
import { modelSize, trainedParameters } from '../../protocol/run/modelSize.ts';
import { found, type RunProblem, told } from '../../protocol/run/problem.ts';
import type { RunRequest } from '../../protocol/run/spec.ts';

/** What is wrong with a request as the model has it: more tokens or blocks than it has, or nothing that would train. */
export function modelProblems(
  request: RunRequest,
  { config, entry }: Pick<ModelInfo, 'config' | 'entry'>,
): RunProblem[] {
  const spec = complete(request);
  const size = modelSize(config);
  const lengths = (['maxLength', 'padding'] as const).flatMap(name => {
    const value = spec.training[name];
    if (typeof value !== 'number' || value <= entry.contextLength) return [];
    const what = `${entry.id} reads ${entry.contextLength} tokens at most.`;
    return [found(`training.${name}`, value, what, `Give ${entry.contextLength} or less.`)];
  });
  const layers = 'layers' in spec.trainable ? spec.trainable.layers : 'all';
  const blocks =
    typeof layers === 'object' && layers.last > size.layers
      ? [
          found(
            'trainable.layers',
            layers,
            `${entry.id} has ${size.layers} blocks.`,
            'Give fewer, or train all layers.',
          ),
        ]
      : [];
  const nothing =
    trainedParameters(size, spec) === 0
      ? [found('trainable', request.trainable, NOTHING, 'Train the last blocks, all layers, or an adapter.')]
      : [];
  return [...lengths, ...blocks, ...nothing].map(told);
}

const NOTHING = 'The head of this model is its token embedding, which stays as it is, so nothing would train.';
