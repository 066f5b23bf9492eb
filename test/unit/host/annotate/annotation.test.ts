import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, test, vi } from 'vitest';
import { Annotation } from '../../../../src/host/annotate/annotation.ts';
import { allotted } from '../../../../src/host/annotate/responses.ts';
import type { AnnotationSession } from '../../../../src/host/annotate/session.ts';
import type { Judgement } from '../../../../src/protocol/annotations/judgement.ts';
import { type AnnotationSettings, firstSettings } from '../../../../src/protocol/annotations/settings.ts';
import type { DatasetPromptsRequest } from '../../../../src/protocol/dataset.ts';
import type { Call } from '../../../../src/protocol/engine.ts';
import type { GenerateRequest, SampleSettings } from '../../../../src/protocol/generation.ts';
import { cancelled, err, ok, type Result } from '../../../../src/protocol/result.ts';
import { temporaryFolder } from '../../data/setting.ts';

/** Says of a prompt what its model, seed and number are, unless it is told what to say; waits where it is told to. */
function engineOf(prompts: readonly string[]) {
  const asked: GenerateRequest[] = [];
  const behaviour = {
    says: undefined as ((request: GenerateRequest) => string | Result<never>) | undefined,
    waits: false,
  };
  const engine = {
    datasetPrompts: async ({ rows }: DatasetPromptsRequest) =>
      ok({
        total: prompts.length,
        prompts: rows.map(row => {
          const prompt = prompts[row] as string;
          return prompt === '' ? { row, leftOut: 'its prompt is empty' } : { row, prompt };
        }),
      }),
    generate: async (request: GenerateRequest, { signal }: Call = {}) => {
      asked.push(request);
      if (behaviour.waits)
        return new Promise(resolve =>
          signal?.addEventListener('abort', () => resolve({ ok: false, error: cancelled() })),
        );
      const { count = 1, seed } = request.settings[0] as SampleSettings;
      const said = behaviour.says?.(request);
      if (said && typeof said !== 'string') return said;
      const generations = Array.from({ length: count }, (_, at) => ({
        text: said ?? ` ${request.prompt} by ${request.model} ${seed}/${at}`,
      }));
      return ok({ columns: [{ generations }] });
    },
  };
  return { engine: engine as never, asked, behaviour };
}

async function annotating(
  prompts: readonly string[],
  changes: Partial<AnnotationSettings> = {},
  more: { output?: string; session?: AnnotationSession } = {},
) {
  const made = engineOf(prompts);
  const output = more.output ?? path.join(await temporaryFolder(), 'out.jsonl');
  const settings = { ...firstSettings('m'), order: 'file' as const, againAfter: null, ...changes };
  let kept = more.session ?? {
    dataset: { model: 'm', dataset: { file: '/data/rows.tsv' } },
    output,
    settings,
    skipped: [],
    skippedAgain: 0,
  };
  const choice = async (model: string) => ok({ model });
  const annotation = new Annotation({ engine: made.engine, choice, keep: session => (kept = session) }, kept);
  const stage = (kind: string) => vi.waitFor(() => expect(annotation.state.stage.kind).toBe(kind));
  const item = async () => {
    await stage('judging');
    const { stage: now } = annotation.state;
    if (now.kind !== 'judging') throw new Error('nothing is shown');
    return now.item;
  };
  /** Prefers the response at a place. */
  const prefer = async (place: number) => {
    const { id, responses } = await item();
    const others = [...responses.keys()].filter(at => at !== place);
    await annotation.judge(id, { ranking: [place, ...others] });
  };
  const lines = async (): Promise<Judgement[]> =>
    (await readFile(output, 'utf8'))
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line) as Judgement);
  return { ...made, annotation, output, session: () => kept, stage, item, prefer, lines };
}

it('shows prompt after prompt, keeps each judgement, and ends', async () => {
  const { annotation, prefer, stage, lines, item, asked } = await annotating(['a', '', 'b']);
  await annotation.start();
  const first = await item();
  expect(first.prompt).toBe('a');
  await prefer(1);
  expect(await lines()).toMatchObject([
    { prompt: 'a', responses: [first.responses[1], first.responses[0]], shown: [2, 1], models: ['m', 'm'], row: 0 },
  ]);
  expect((await item()).prompt).toBe('b');
  await prefer(0);
  await stage('done');
  expect(annotation.state).toMatchObject({ judged: 2, total: 3, summary: { judgements: 2, comparisons: 2 } });
  expect(asked.map(({ settings }) => settings.length)).toEqual([1, 1]);
});

it('makes the responses of the next prompts while one is read, and no more', async () => {
  const { annotation, item, asked } = await annotating(['a', 'b', 'c', 'd', 'e']);
  await annotation.start();
  await item();
  await vi.waitFor(() => expect(annotation.state.ahead).toBe(2));
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(asked.map(({ prompt }) => prompt)).toEqual(['a', 'b', 'c']);
});

it('tells no model to the judge, and shuffles which one stands first', async () => {
  const prompts = Array.from({ length: 30 }, (_, at) => `p${at}`);
  const { annotation, prefer, lines } = await annotating(prompts, { models: ['m', 'n'] });
  await annotation.start();
  for (const _ of prompts) await prefer(0);
  const first = (await lines()).map(({ models }) => models?.[0]);
  const share = first.filter(model => model === 'm').length;
  expect(share).toBeGreaterThan(5);
  expect(share).toBeLessThan(25);
  expect(annotation.state.summary?.models.map(({ wins, losses }) => wins + losses)).toEqual([30, 30]);
});

it('is taken up again where it was left: the same responses, nothing twice', async () => {
  const before = await annotating(['a', 'b', 'c', 'd']);
  await before.annotation.start();
  await before.prefer(0);
  before.annotation.skip();
  const shown = await before.item();
  before.annotation.dispose();
  const after = await annotating(['a', 'b', 'c', 'd'], {}, { output: before.output, session: before.session() });
  await after.annotation.read();
  expect(after.annotation.state).toMatchObject({ judged: 1, skipped: 1, stage: { kind: 'settings' } });
  await after.annotation.start();
  expect(await after.item()).toMatchObject({ prompt: 'c', responses: shown.responses });
});

describe('undo', () => {
  it('takes back a judgement and shows it as it was; what was shown comes again', async () => {
    const { annotation, prefer, item, lines } = await annotating(['a', 'b']);
    await annotation.start();
    const first = await item();
    await prefer(1);
    const second = await item();
    await annotation.undo();
    expect(await lines()).toEqual([]);
    expect(await item()).toMatchObject({ prompt: 'a', responses: first.responses });
    await prefer(0);
    expect(await item()).toMatchObject({ prompt: 'b', responses: second.responses });
  });

  it('takes back a skip', async () => {
    const { annotation, item, session } = await annotating(['a', 'b']);
    await annotation.start();
    await item();
    annotation.skip();
    expect(session().skipped).toEqual(['a']);
    expect((await item()).prompt).toBe('b');
    await annotation.undo();
    expect(session().skipped).toEqual([]);
    expect((await item()).prompt).toBe('a');
  });

  it('after the end goes back to the last one', async () => {
    const { annotation, prefer, stage, item } = await annotating(['a']);
    await annotation.start();
    await prefer(0);
    await stage('done');
    await annotation.undo();
    expect((await item()).prompt).toBe('a');
    await prefer(1);
    await stage('done');
    expect(annotation.state.judged).toBe(1);
  });
});

it('asks an earlier one again, and compares', async () => {
  const { annotation, prefer, item, lines, stage } = await annotating(['a', 'b', 'c', 'd'], { againAfter: 2 });
  await annotation.start();
  const best: string[] = [];
  for (const _ of ['a', 'b']) {
    const { responses } = await item();
    best.push(responses[0] as string);
    await prefer(0);
  }
  const again = await item();
  expect(again.prompt).toBe('a');
  await prefer(again.responses.indexOf(best[0] as string));
  for (const prompt of ['c', 'd']) {
    expect((await item()).prompt).toBe(prompt);
    await prefer(0);
  }
  annotation.skip(); // c, once more
  await stage('done');
  expect((await lines()).map(({ prompt, again }) => [prompt, again])).toEqual([
    ['a', undefined],
    ['b', undefined],
    ['a', true],
    ['c', undefined],
    ['d', undefined],
  ]);
  expect(annotation.state).toMatchObject({ judged: 4, judgedAgain: 1, total: 4 });
  expect(annotation.state.summary?.agreement).toMatchObject({ value: 1, count: 1 });
});

describe('what goes wrong', () => {
  it('all responses alike: they are drawn anew twice, then it is told; again with other draws, or passed over', async () => {
    const { annotation, stage, asked, behaviour, item } = await annotating(['a', 'b']);
    behaviour.says = ({ prompt }) => (prompt === 'a' ? ' same' : ' x');
    await annotation.start();
    await stage('failed');
    expect(annotation.state.stage).toMatchObject({ prompt: 'a', error: { code: 'responses-alike' } });
    const drawsOf = (prompt: string) =>
      asked.filter(one => one.prompt === prompt).map(one => (one.settings[0] as SampleSettings).seed);
    expect(new Set(drawsOf('a')).size).toBe(3);
    behaviour.says = undefined;
    await annotation.tryAgain();
    expect((await item()).prompt).toBe('a');
    expect(new Set(drawsOf('a')).size).toBe(4);
  });

  it('a model that is gone: told with its remedy, and the prompt can be passed over', async () => {
    const { annotation, stage, behaviour, item, session } = await annotating(['a', 'b']);
    behaviour.says = ({ prompt, settings }) =>
      prompt === 'a'
        ? err('model-unknown', 'There is no model "m".', 'Choose one.')
        : ` ${(settings[0] as SampleSettings).seed}`;
    await annotation.start();
    await stage('failed');
    expect(annotation.state.stage).toMatchObject({ error: { code: 'model-unknown' } });
    behaviour.says = undefined;
    annotation.skip();
    expect(session().skipped).toEqual(['a']);
    expect((await item()).prompt).toBe('b');
  });

  it('a file with other columns is refused before anything is made', async () => {
    const output = path.join(await temporaryFolder(), 'out.jsonl');
    await writeFile(output, '{"text":"a"}\n');
    const { annotation, asked } = await annotating(['a'], {}, { output });
    await annotation.start();
    expect(annotation.state.stage).toMatchObject({
      kind: 'failed',
      prompt: null,
      error: { code: 'preferences-other-columns' },
    });
    expect(asked).toEqual([]);
  });

  it('a judgement that can’t be kept is told, and what was judged stays', async () => {
    const output = path.join(await temporaryFolder(), 'no', 'such', 'folder', 'out.jsonl');
    const { annotation, item, prefer } = await annotating(['a', 'b'], {}, { output });
    const told: string[] = [];
    annotation.events.on('change', ({ unkept }) => unkept && told.push(unkept.code));
    await annotation.start();
    const before = await item();
    await prefer(0);
    expect(told).toEqual(['preferences-unwritable']);
    expect(await item()).toEqual(before);
  });

  it('pausing ends what is being made', async () => {
    const { annotation, asked, behaviour } = await annotating(['a']);
    behaviour.waits = true;
    await annotation.start();
    await vi.waitFor(() => expect(asked.length).toBe(1));
    expect(annotation.state.stage.kind).toBe('preparing');
    annotation.pause();
    await new Promise(resolve => setTimeout(resolve, 10));
    expect(annotation.state.stage).toEqual({ kind: 'settings' });
  });

  it('a judgement of another item, or of too few responses, changes nothing', async () => {
    const { annotation, item } = await annotating(['a', 'b']);
    await annotation.start();
    const { id } = await item();
    await annotation.judge(id + 1, { ranking: [0, 1] });
    await annotation.judge(id, { ranking: [0] });
    expect(annotation.state.judged).toBe(0);
    expect((await item()).id).toBe(id);
  });

  it('only empty prompts: it is done at once', async () => {
    const { annotation, stage } = await annotating(['', '']);
    await annotation.start();
    await stage('done');
    expect(annotation.state.summary).toBeNull();
  });
});

test.each([
  [['a'], 3, [[3]]],
  [['a', 'b'], 2, [[1, 1]]],
  [
    ['a', 'b'],
    3,
    [
      [1, 2],
      [2, 1],
    ],
  ],
  [['a', 'b', 'c'], 3, [[1, 1, 1]]],
])('%j share %i responses', (models, responses, expected) => {
  const settings = { ...firstSettings('a'), models, responses };
  const seen = Array.from({ length: 20 }, (_, row) => models.map(model => allotted(settings, row).get(model) ?? 0));
  expect([...new Set(seen.map(String))].sort()).toEqual(expected.map(String).sort());
});
