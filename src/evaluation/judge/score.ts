// What models really write when they are asked for a score from 0 to 100: "85", "**85**/100", "Score: 85", "I would rate
// this a 7 out of 10", a paragraph with "Overall: 85/100" at its end.

/** A score of an answer, or why it has none. */
export type FoundScore = { readonly score: number } | { readonly problem: string };

/** Score and the best there is on its scale. */
interface Mark {
  readonly value: number;
  readonly of: number;
  /** Where it stands in the answer. */
  readonly at: number;
}

/** A number that is no part of another one, of a range or of a negative number. */
const NUMBER = String.raw`(?<![\d.,/%$#-]|\d\s?(?:-|–|—|to)\s?)(\d{1,3}(?:\.\d{1,2})?)(?!\d|[.,]\d|\s?(?:-|–|—|to)\s?\d|(?:st|nd|rd|th)\b)`;
const SCALE = String.raw`(10|100|5)\b(?!\.\d)`;

/** 85/100, 7 out of 10, 4 of 5 points. */
const FRACTION = new RegExp(String.raw`${NUMBER}\s*(?:points?\s+)?(?:\/|out\s+of|of)\s*${SCALE}`, 'gi');
/** Score: 85 · the rating is an 85 · "score": 85 */
const LABELLED = new RegExp(
  String.raw`\b(?:scores?|scored|rating|grade|marks?)\b["']?\s*(?:[:=–—-]|is|was|of|as|would be|->)*\s*["']?(?:an?\s+|about\s+)?["']?${NUMBER}(?!\s*(?:\/|out\s+of))`,
  'gi',
);
/** I would rate this response an 85. · I give it 85 points. */
const GIVEN = new RegExp(String.raw`\b(?:rate|give|assign|award|score|grade)\b[^.\n\d]{0,60}?${NUMBER}`, 'gi');
/** The answer begins with the number, or ends with it in a line of its own. "1. It is short." begins a list. */
const BARE = [
  new RegExp(String.raw`^${NUMBER}\s*(?:%|points?)?\s*(?:$|[\n,:;!(–—-]|\.\s*(?:$|\n))`, 'i'),
  new RegExp(String.raw`^(?=\d\d)${NUMBER}\.\s`),
  new RegExp(String.raw`\n\s*${NUMBER}\s*(?:%|points?)?\s*\.?$`, 'i'),
];
const FINAL = /\b(?:final|overall|total|average)\b/i;

/** The score of an answer, from 0 to 100. What could mean several scores is refused. */
export function scoreOf(answer: string): FoundScore {
  const { text, best } = withoutScale(plain(answer));
  for (const marks of [fractions(text), numbers(text, LABELLED, best), numbers(text, GIVEN, best), bare(text, best)]) {
    const found = theOne(text, marks);
    if (found) return found;
  }
  return { problem: answer.trim() === '' ? 'the answer is empty' : 'the answer has no score in it' };
}

/** Without what models think aloud before they answer, and without marks of emphasis. */
function plain(answer: string): string {
  const thoughtEnds = answer.lastIndexOf('</think>');
  return answer
    .slice(thoughtEnds === -1 ? 0 : thoughtEnds + '</think>'.length)
    .replaceAll(/\\boxed\{([^{}]*)\}/g, ' $1 ')
    .replaceAll(/[*_`[\]$]+/g, '')
    .trim();
}

/** "On a scale from 0 to 100" names numbers that are no scores, and says what the best one is. */
function withoutScale(text: string): { readonly text: string; readonly best: number } {
  const phrase =
    /\b(?:on\s+)?(?:an?\s+|the\s+)?(?:scale\s+)?(?:of\s+|from\s+|between\s+)?\(?\b[01]\s*(?:-|–|to|and)\s*(10|100|5)\b\)?(?:\s+scale)?|\(\s*(?:out\s+of|\/)\s*(10|100|5)\s*\)/gi;
  const bests = Array.from(text.matchAll(phrase), ([, range, outOf]) => Number(range ?? outOf));
  return { text: text.replaceAll(phrase, ' ').trim(), best: bests.at(-1) ?? 100 };
}

/** Those of 100, if there are any: beside them others are about something else. */
function fractions(text: string): Mark[] {
  const marks = Array.from(text.matchAll(FRACTION), match => ({
    value: Number(match[1]),
    of: Number(match[2]),
    at: match.index,
  }));
  const ofHundred = marks.filter(mark => mark.of === 100);
  return ofHundred.length > 0 ? ofHundred : marks;
}

const numbers = (text: string, pattern: RegExp, best: number): Mark[] =>
  Array.from(text.matchAll(pattern), match => ({ value: Number(match[1]), of: best, at: match.index }));

function bare(text: string, best: number): Mark[] {
  return BARE.flatMap(pattern => {
    const match = pattern.exec(text);
    return match ? [{ value: Number(match[1]), of: best, at: match.index }] : [];
  });
}

/** What the marks agree on, or else the one that is said to be the final one. */
function theOne(text: string, marks: readonly Mark[]): FoundScore | undefined {
  if (marks.length === 0) return undefined;
  const values = new Set(marks.map(({ value, of }) => (100 * value) / of));
  const last = values.size > 1 ? finalOf(text, marks) : marks[0];
  if (!last) return { problem: `the answer has several scores: ${[...values].slice(0, 5).join(', ')}` };
  const score = (100 * last.value) / last.of;
  if (score > 100) return { problem: `the answer’s score is ${last.value} of ${last.of}` };
  if (last.value > 0 && last.value < 1)
    return { problem: `the answer’s score is ${last.value}, on a scale of its own` };
  return { score };
}

/** The one before which, since the mark before it, such a word stands. */
function finalOf(text: string, marks: readonly Mark[]): Mark | undefined {
  const final = marks.filter(({ at }, index) => FINAL.test(text.slice(marks[index - 1]?.at ?? 0, at)));
  return final.length === 1 ? final[0] : undefined;
}
