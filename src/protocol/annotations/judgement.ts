/** A line of a preference file that people made: what the roles `prompt`, `responses` and `scores` of training read, and where it is from. */
export interface Judgement {
  /** As the models were given it. */
  readonly prompt: string;
  /** Best first. */
  readonly responses: readonly string[];
  /** Of each response, where scores were given; equal ones prefer nothing. */
  readonly scores?: readonly number[];
  /** Id of the model of each response. */
  readonly models?: readonly string[];
  /** At which place each response was shown, from 1. */
  readonly shown?: readonly number[];
  /** Of the dataset, after its steps, from 0. */
  readonly row?: number;
  /** The same responses were judged before, and were shown again to see how steady judgements are. */
  readonly again?: true;
  /** ISO 8601 UTC. */
  readonly at?: string;
}

/** A response that is judged, with what the judge does not see. */
export interface Candidate {
  readonly text: string;
  readonly model: string;
}

/** A prompt with its responses, in the order in which they are shown. */
export interface Item {
  readonly prompt: string;
  readonly row: number;
  readonly candidates: readonly Candidate[];
  readonly again: boolean;
}

/** How the responses of an item were judged: their places from 0, best first; or a score for each place. */
export type Verdict = { readonly ranking: readonly number[] } | { readonly scores: readonly number[] };

/** The line for an item. Equal scores keep the order in which they were shown. */
export function judgementOf({ prompt, row, candidates, again }: Item, verdict: Verdict, at: Date): Judgement {
  const scores = 'scores' in verdict ? verdict.scores : undefined;
  const order =
    'ranking' in verdict
      ? verdict.ranking
      : [...candidates.keys()].sort((a, b) => (scores?.[b] as number) - (scores?.[a] as number));
  const inOrder = order.map(place => candidates[place] as Candidate);
  return {
    prompt,
    responses: inOrder.map(({ text }) => text),
    ...(scores && { scores: order.map(place => scores[place] as number) }),
    models: inOrder.map(({ model }) => model),
    shown: order.map(place => place + 1),
    row,
    ...(again && { again }),
    at: at.toISOString(),
  };
}

/** The item of a line, as it was shown. */
export function itemOf({ prompt, responses, models, shown, row, again }: Judgement): Item {
  const candidates = responses.map((text, index) => ({ text, model: models?.[index] ?? '' }));
  const place = (index: number): number => shown?.[index] ?? index + 1;
  const order = [...candidates.keys()].sort((a, b) => place(a) - place(b));
  return {
    prompt,
    row: row ?? -1,
    candidates: order.map(index => candidates[index] as Candidate),
    again: again ?? false,
  };
}

/** What is wrong with a verdict on so many responses; undefined: nothing. */
export function verdictProblem(verdict: Verdict, responses: number, highest: number): string | undefined {
  const places = 'ranking' in verdict ? verdict.ranking : [...verdict.scores.keys()];
  const complete = places.length === responses && [...places].sort((a, b) => a - b).every((place, at) => place === at);
  if (!complete) return `Each of the ${responses} responses needs a place or a score of its own.`;
  const scores = 'scores' in verdict ? verdict.scores : [];
  const wrong = scores.find(score => !Number.isInteger(score) || score < 1 || score > highest);
  return wrong === undefined ? undefined : `The score ${wrong} is not between 1 and ${highest}.`;
}
