import type { ComparedRow, LeftOutRow } from '../../protocol/evaluation/folder.ts';
import type { CompareTask } from '../../protocol/evaluation/request.ts';
import type { GeneratedToken, Generation } from '../../protocol/generation.ts';
import type { ViewRow } from '../../data/view.ts';
import { divergences } from '../../scoring/divergence.ts';
import { scoreTexts } from '../../scoring/score.ts';
import type { ChosenColumn } from '../columns.ts';
import { isAsked, rowPrompts } from '../responses/prompts.ts';
import { requireOneResponse, respond } from '../responses/respond.ts';
import { type HeldModel, rowBase, type TaskSetting } from '../task.ts';

/** What a model has to show for a row, before anybody judges it. */
export type Candidate = Pick<
  ComparedRow['models'][number],
  'model' | 'response' | 'perplexity' | 'negativeLogLikelihood' | 'scoredTokens' | 'bitsPerByte' | 'divergences'
>;

/** A row with its prompt, or its text where texts are compared. */
export interface Shown {
  readonly row: ViewRow;
  readonly prompt: string;
  readonly reference?: string;
}

/** What models make of rows; rows that one of them can't take are left out. */
export interface Candidates {
  shown(row: ViewRow): Shown | LeftOutRow;
  of(held: HeldModel, rows: readonly Shown[]): Promise<Array<Candidate | LeftOutRow>>;
}

/** Each model's own answers, asked as it was trained to be. */
export async function responsesOf(
  { generate }: CompareTask,
  { spec, rows, models, signal }: Pick<TaskSetting, 'spec' | 'rows' | 'models' | 'signal'>,
): Promise<Candidates> {
  const task = generate as NonNullable<typeof generate>;
  requireOneResponse(task);
  const prompts = new Map<HeldModel, Awaited<ReturnType<typeof rowPrompts>>>();
  for (const held of models) prompts.set(held, await rowPrompts(spec, task.template, rows.dataset, held));
  const promptOf = (held: HeldModel, row: ViewRow) =>
    (prompts.get(held) as NonNullable<ReturnType<typeof prompts.get>>)(row);
  return {
    shown: row => promptOf(models[0] as HeldModel, row),
    async of(held, shown) {
      const all = shown.map(({ row }) => promptOf(held, row));
      const found = new Map<number, Candidate | LeftOutRow>();
      for (const one of all) if (!isAsked(one)) found.set(one.row, one);
      for await (const { asked, ...responded } of respond(held, all.filter(isAsked), task, signal)) {
        const { row } = asked;
        if ('leftOut' in responded) found.set(row.row, { ...rowBase(row), leftOut: responded.leftOut });
        else found.set(row.row, { model: held.name, ...figuresOf(responded.generation) });
      }
      return shown.map(({ row }) => found.get(row.row) as Candidate | LeftOutRow);
    },
  };
}

/** Of what a model wrote, by itself. The end token counts as one that it chose, and has no bytes. */
function figuresOf({ text, tokens, logProbability, finishReason }: Generation): Omit<Candidate, 'model'> {
  const written = finishReason === 'endoftext' ? tokens.slice(0, -1) : tokens;
  const bytes = Buffer.byteLength(text);
  return {
    response: text,
    perplexity: tokens.length === 0 ? null : Math.exp(-logProbability / tokens.length),
    negativeLogLikelihood: -logProbability,
    scoredTokens: tokens.length,
    bitsPerByte: bytes === 0 ? null : bitsOf(written) / bytes,
  };
}

const bitsOf = (tokens: readonly GeneratedToken[]): number =>
  tokens.reduce((sum, { probability }) => sum - Math.log2(probability), 0);

/** How likely each model finds the rows' texts, and what that it is kept in fewer bits changes of its predictions. */
export const textsOf = (
  column: ChosenColumn,
  { models, signal }: Pick<TaskSetting, 'models' | 'signal'>,
): Candidates => ({
  shown(row) {
    const prompt = column.text(row.cells);
    return prompt === '' ? { ...rowBase(row), leftOut: 'its text is empty' } : { row, prompt };
  },
  async of(held, shown) {
    const { name, model, tokenizer } = held;
    const texts = shown.map(({ prompt }) => prompt);
    const whole = inFloat32(held, models);
    const apart = whole && (await divergences(whole.model, model, tokenizer, texts, signal));
    const scored = await scoreTexts(model, tokenizer, texts, { firstToken: 'unscored', top: 0, signal });
    return scored.map(({ perplexity, negativeLogLikelihood, scoredTokens, bitsPerByte }, at) => ({
      model: name,
      perplexity,
      negativeLogLikelihood,
      scoredTokens,
      bitsPerByte,
      ...(apart && { divergences: (apart[at] as number[]).map(nats => Number(nats.toPrecision(4))) }),
    }));
  },
});

/** The same model in float32, where it is compared in fewer bits. */
const inFloat32 = ({ entry, model }: HeldModel, models: readonly HeldModel[]): HeldModel | undefined =>
  model.device.precision === 'f32'
    ? undefined
    : models.find(other => other.entry.folder === entry.folder && other.model.device.precision === 'f32');
