import type { Candidate } from '../../protocol/annotations/judgement.ts';
import type { AnnotationSettings } from '../../protocol/annotations/settings.ts';
import { settingsOf, type SettingsForm } from '../../protocol/decodingOptions.ts';
import type { EngineApi, ModelChoice, Progress } from '../../protocol/engine.ts';
import type { DecodingSettings } from '../../protocol/generation.ts';
import { Reasoned, type Result, valueOf } from '../../protocol/result.ts';
import { drawn, drawnOrder } from './drawn.ts';

export interface ResponsesEngine {
  readonly engine: Pick<EngineApi, 'generate'>;
  readonly choice: (model: string) => Promise<Result<ModelChoice>>;
}

export interface ResponsesRequest {
  readonly settings: AnnotationSettings;
  readonly prompt: string;
  readonly row: number;
  /** Another one draws other texts. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** How often texts that came twice are drawn anew. */
const REDRAWS = 2;

/**
 * Responses to a prompt, of which no two are the same, in an order that does not tell their models. There may be fewer
 * than were asked for where a model says the same again and again. Throws `responses-alike` where that leaves one, and
 * the engine's reasons.
 */
export async function responsesTo(lab: ResponsesEngine, request: ResponsesRequest): Promise<Candidate[]> {
  const { settings, row, attempt } = request;
  const tell = meter(request);
  const made: Candidate[] = [];
  let asked = allotted(settings, row);
  for (let round = 0; round <= REDRAWS && asked.size > 0; round++) {
    const again = new Map<string, number>();
    for (const [model, count] of asked) {
      for (const text of await texts(lab, request, { model, count, round }, tell)) {
        if (made.some(one => one.text === text)) again.set(model, (again.get(model) ?? 0) + 1);
        else made.push({ text, model });
      }
    }
    asked = settings.decoding.decoding === 'sample' ? again : new Map();
  }
  if (made.length < 2) throw alike(made[0]);
  const order = drawnOrder(made.length, settings.seed, 'shown', row, attempt);
  return order.map(at => made[at] as Candidate);
}

/** How many responses each model makes: all as many, and those whose turn it is in this row one more. */
export function allotted({ models, responses, seed }: AnnotationSettings, row: number): Map<string, number> {
  const first = drawn(seed, 'models', row) % models.length;
  const counts = new Map<string, number>();
  for (let at = 0; at < responses; at++) {
    const model = models[(first + at) % models.length] as string;
    counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return counts;
}

interface Share {
  readonly model: string;
  readonly count: number;
  readonly round: number;
}

async function texts(
  { engine, choice }: ResponsesEngine,
  { settings, prompt, row, attempt, signal, onProgress }: ResponsesRequest,
  { model, count, round }: Share,
  onToken: () => void,
): Promise<string[]> {
  const chosen = await valueOf(choice(model));
  const seed = drawn(settings.seed, 'texts', row, attempt, model, round);
  const asked = { ...chosen, prompt, settings: [withCount(settings.decoding, count, seed)], top: 0 };
  const onUpdate = ({ kind }: { readonly kind: string }): void => {
    if (kind === 'token') onToken();
  };
  const { columns } = await valueOf(engine.generate(asked, { signal, onProgress, onUpdate }));
  return columns.flatMap(({ generations }) => generations.map(({ text }) => text));
}

function withCount(form: SettingsForm, count: number, seed: number): DecodingSettings {
  const each = { sample: { count, seed }, beam: { returned: count }, greedy: {} }[form.decoding];
  return { ...settingsOf(form), ...each } as DecodingSettings;
}

/** Tells of the tokens that came, of all that may come at most. */
function meter({ settings, onProgress }: ResponsesRequest): () => void {
  const total = settings.responses * settings.decoding.maxNewTokens;
  const started = performance.now();
  let done = 0;
  return () => {
    done = Math.min(done + 1, total);
    const rate = done / Math.max(1e-3, (performance.now() - started) / 1000);
    onProgress({ message: 'Writing the responses', done, total, unit: 'tokens', rate });
  };
}

const alike = (only: Candidate | undefined): Reasoned =>
  new Reasoned(
    'responses-alike',
    `All responses are the same text: “${(only?.text ?? '').trim().slice(0, 80)}”. There is nothing to compare.`,
    'Try again with other draws, skip this prompt, or choose a higher temperature or another model.',
  );
