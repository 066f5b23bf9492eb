import type { Estimate } from '../evaluation/folder.ts';
import { share } from '../evaluation/share.ts';
import type { Judgement } from './judgement.ts';

/** What judgements say together. A comparison is a pair of responses of a judgement; one of equal scores is a tie. */
export interface AnnotationSummary {
  readonly judgements: number;
  readonly comparisons: number;
  readonly ties: number;
  /**
   * Comparisons that a reward model does not learn from because of ties: of responses with equal scores the first stands
   * for all. What was judged again, from which none is trained, is not among them.
   */
  readonly leftOutByTies: number;
  /** Against the responses of other models, the one that won most often first; empty where there is one model. */
  readonly models: readonly ModelStanding[];
  /** How often a pair that was judged again came out as before; null: none was. */
  readonly agreement: Estimate | null;
  /** How often the one that was shown before the other won: near a half, unless the place decides. */
  readonly earlier: Estimate | null;
  /** How often the longer one won: near a half, unless length decides. */
  readonly longer: Estimate | null;
}

export interface ModelStanding {
  readonly model: string;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Of the comparisons that it won or lost; null: there is none. Pairs of one prompt count as if they were apart. */
  readonly won: Estimate | null;
}

interface Answer {
  readonly text: string;
  readonly model: string | undefined;
  readonly shown: number | undefined;
}

interface Comparison {
  readonly prompt: string;
  readonly better: Answer;
  readonly worse: Answer;
  readonly tie: boolean;
}

/** Null before anything was judged. */
export function summaryOf(judgements: readonly Judgement[]): AnnotationSummary | null {
  if (judgements.length === 0) return null;
  const all = judgements.flatMap(comparisonsOf);
  const decided = all.filter(({ tie }) => !tie);
  const placed = decided.filter(({ better, worse }) => better.shown !== undefined && worse.shown !== undefined);
  const unequal = decided.filter(({ better, worse }) => better.text.length !== worse.text.length);
  return {
    judgements: judgements.length,
    comparisons: all.length,
    ties: all.length - decided.length,
    leftOutByTies: judgements.reduce((sum, judgement) => sum + leftOutByTies(judgement), 0),
    models: standings(all),
    agreement: agreement(all),
    earlier: shareOf(placed, ({ better, worse }) => (better.shown as number) < (worse.shown as number)),
    longer: shareOf(unequal, ({ better, worse }) => better.text.length > worse.text.length),
  };
}

function comparisonsOf({ prompt, responses, scores, models, shown }: Judgement): Comparison[] {
  const answers = responses.map((text, at): Answer => ({ text, model: models?.[at], shown: shown?.[at] }));
  return answers.flatMap((better, at) =>
    answers.slice(at + 1).map((worse, after) => {
      const tie = scores !== undefined && scores[at] === scores[at + 1 + after];
      return { prompt, better, worse, tie };
    }),
  );
}

function leftOutByTies({ responses, scores, again }: Judgement): number {
  if (!scores || again) return 0;
  return pairsOf(responses.length) - pairsOf(new Set(scores).size);
}

const pairsOf = (many: number): number => (many * (many - 1)) / 2;

function standings(all: readonly Comparison[]): ModelStanding[] {
  const counts = new Map<string, { wins: number; losses: number; ties: number }>();
  const of = (model: string): { wins: number; losses: number; ties: number } => {
    const known = counts.get(model) ?? { wins: 0, losses: 0, ties: 0 };
    counts.set(model, known);
    return known;
  };
  for (const { better, worse, tie } of all) {
    if (better.model === undefined || worse.model === undefined || better.model === worse.model) continue;
    of(better.model)[tie ? 'ties' : 'wins']++;
    of(worse.model)[tie ? 'ties' : 'losses']++;
  }
  return [...counts]
    .map(([model, { wins, losses, ties }]) => {
      const decided = wins + losses;
      return { model, wins, losses, ties, won: decided > 0 ? share(wins, decided) : null };
    })
    .sort((a, b) => (b.won?.value ?? 0) - (a.won?.value ?? 0) || a.model.localeCompare(b.model));
}

/** Compares each later outcome of a pair of texts with its first. */
function agreement(all: readonly Comparison[]): Estimate | null {
  const firstOf = new Map<string, string | null>();
  let [agreed, compared] = [0, 0];
  for (const { prompt, better, worse, tie } of all) {
    const key = JSON.stringify([prompt, ...[better.text, worse.text].sort()]);
    const outcome = tie ? null : better.text;
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, outcome);
    else {
      compared++;
      if (first === outcome) agreed++;
    }
  }
  return compared > 0 ? share(agreed, compared) : null;
}

const shareOf = (all: readonly Comparison[], holds: (comparison: Comparison) => boolean): Estimate | null =>
  all.length > 0 ? share(all.filter(holds).length, all.length) : null;
