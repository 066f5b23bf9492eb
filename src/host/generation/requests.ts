import { type SettingsForm, settingsOf } from '../../protocol/decodingOptions.ts';
import type { EngineApi, ModelChoice, Progress } from '../../protocol/engine.ts';
import type { Generated } from '../../protocol/generation.ts';
import type { GenerationStream } from '../../protocol/panels/generations.ts';
import type { Reason, Result } from '../../protocol/result.ts';
import { settingsProblems } from '../../protocol/settingsProblems.ts';
import { StreamBatch, type StreamTarget } from './streamBatch.ts';

/** How many alternatives each token is given. */
export const ALTERNATIVES = 10;

/** One of the settings of a request, and where its texts go. */
export interface Job extends StreamTarget {
  readonly settings: SettingsForm;
}

export interface JobsRequest {
  readonly choice: ModelChoice;
  readonly prompt: string;
  readonly forced?: readonly number[];
  readonly jobs: readonly Job[];
  readonly signal: AbortSignal;
  /** Not one that was stopped while others went on. */
  readonly isWanted: (job: Job) => boolean;
  readonly onStream: (column: string, stream: GenerationStream) => void;
  readonly onDone: (job: Job, answer: Generated['columns'][number], generated: Generated) => void;
  /** What streamed in for it is void: it begins again. */
  readonly onRestart: (job: Job) => void;
  readonly onFailed: (job: Job, error: Reason) => void;
}

/**
 * Runs jobs of one model together: they are decoded as one batch. What is wrong with the settings of one does not stop
 * the others, whether that is seen before or, as with a token that this model does not have, by the engine.
 */
export async function runJobs(engine: EngineApi, request: JobsRequest): Promise<void> {
  const jobs = request.jobs.filter(job => {
    const [problem] = settingsProblems(settingsOf(job.settings) as unknown as Record<string, unknown>);
    if (problem) request.onFailed(job, problem.reason);
    return !problem;
  });
  if (jobs.length > 0) await runTogether(engine, { ...request, jobs });
}

async function runTogether(engine: EngineApi, request: JobsRequest): Promise<void> {
  const { jobs, signal, isWanted, onDone, onRestart, onFailed } = request;
  const result = await generate(engine, request);
  if (result.ok) {
    for (const [i, job] of jobs.entries()) {
      const answer = result.value.columns[i];
      if (answer) onDone(job, answer, result.value);
    }
  } else if (jobs.length > 1 && OF_ONE_COLUMN.includes(result.error.code) && !signal.aborted) {
    for (const job of jobs.filter(isWanted)) onRestart(job);
    for (const job of jobs) if (isWanted(job)) await runTogether(engine, { ...request, jobs: [job] });
  } else {
    for (const job of jobs) onFailed(job, result.error);
  }
}

async function generate(engine: EngineApi, request: JobsRequest): Promise<Result<Generated>> {
  const { choice, prompt, forced, jobs, signal, onStream } = request;
  const batch = new StreamBatch(jobs, onStream);
  const settings = jobs.map(job => settingsOf(job.settings));
  const asked = { ...choice, prompt, settings, top: ALTERNATIVES, ...(forced && { forced }) };
  const onProgress = (progress: Progress): void => batch.progress(progress);
  const result = await engine.generate(asked, { signal, onProgress, onUpdate: batch.update });
  batch.end();
  return result;
}

/** Reasons that lie in the settings of one column, and are known only when the model runs. */
const OF_ONE_COLUMN = ['token-unknown', 'nothing-left'];
