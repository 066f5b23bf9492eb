import { join } from 'node:path';
import { EVALUATION_FILES, type LeftOutRow, type ResponseRow } from '../../protocol/evaluation/folder.ts';
import type { GenerateTask } from '../../protocol/evaluation/request.ts';
import { isAsked, rowPrompts } from '../responses/prompts.ts';
import { type Responded, requireOneResponse, respond } from '../responses/respond.ts';
import { writeResponses } from '../responses/responsesFile.ts';
import { type Evaluator, firstModel, rowBase, type Task, type TaskSetting } from '../task.ts';
import { textCounter } from '../textStatistics.ts';

/** What a model answers to each row. */
export const generate: Task<ResponseRow> = {
  name: 'generate',
  doing: 'Generating',
  models: ({ models }) => models.slice(0, 1),
  linesOfRow: () => 1,
  open,
};

async function open({ spec, rows, models, signal }: TaskSetting): Promise<Evaluator<ResponseRow>> {
  const task = spec.generate as GenerateTask;
  const held = firstModel(models);
  requireOneResponse(task);
  const promptOf = await rowPrompts(spec, task.template, rows.dataset, held);
  return {
    rowsAtOnce: 64,
    async *evaluate(batch) {
      const all = batch.map(promptOf);
      yield all.filter(row => !isAsked(row)) as LeftOutRow[];
      for await (const responded of respond(held, all.filter(isAsked), task, signal))
        yield [responseRow(responded, held.name)];
    },
    async summarise(found) {
      const texts = textCounter();
      for await (const { response, tokens } of found) texts.add(response, tokens);
      return { task: 'generate', models: [{ model: held.name, texts: texts.result() }] };
    },
    async save(folder, found) {
      const responses = new Map<number, string>();
      for await (const { row, response } of found()) responses.set(row, response);
      await writeResponses(join(folder, EVALUATION_FILES.responses), rows, responses);
    },
  };
}

function responseRow(responded: Responded, model: string): ResponseRow | LeftOutRow {
  const { row, prompt, reference } = responded.asked;
  if ('leftOut' in responded) return { ...rowBase(row), leftOut: responded.leftOut };
  const { text, tokens, finishReason } = responded.generation;
  return {
    ...rowBase(row),
    model,
    prompt,
    response: text,
    ...(reference !== undefined && { reference }),
    tokens: tokens.length,
    finishReason,
  };
}
