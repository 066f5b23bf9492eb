import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Evaluation } from '../../../src/host/evaluations/evaluations.ts';
import type { JudgedRow } from '../../../src/protocol/evaluation/folder.ts';
import type { Asked, Judges } from '../provider/extension.ts';
import { lab, type OpenedLab, until } from './lab.ts';

/** What the test's judge is asked about each response: no more than the response. */
const PROMPT = '{{ response }}';

describe('A judge that an extension offers to the editor', () => {
  let editorLab: OpenedLab;
  let judges: Judges;
  before(async function () {
    editorLab = await lab();
    const provider = vscode.extensions.getExtension<Judges | undefined>('lm-lab-test.judges');
    assert.ok(provider, 'the extension that offers judges is not there');
    const activated = await provider.activate();
    if (!activated) this.skip(); // an editor before 1.104 has no such interface
    judges = activated;
  });
  beforeEach(() => {
    judges.asked.length = 0;
  });
  after(async () => {
    const { evaluations } = editorLab;
    for (const evaluation of evaluations.list.items) await evaluations.delete(evaluation, false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  async function judging(model: string, ...responses: string[]): Promise<string> {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'lm-lab-data-')), 'responses.json');
    await writeFile(file, JSON.stringify(responses.map(model_response => ({ model_response }))));
    const judge = { judge: { kind: 'vscode', model }, prompt: PROMPT, retries: 1, concurrency: 1 } as const;
    const created = await editorLab.evaluations.create({ task: 'judge', dataset: { file }, judge }, '/');
    assert.ok(created.ok, JSON.stringify(created));
    return begun(created.value);
  }

  async function begun(folder: string): Promise<string> {
    assert.deepEqual(await editorLab.evaluations.start(folder), { ok: true, value: true });
    return folder;
  }

  const inState = (folder: string, ...states: string[]): Promise<Evaluation | undefined> =>
    until(
      () => editorLab.evaluations.list.get(folder),
      found => found !== undefined && states.includes(found.state),
      50,
    );
  const ended = (folder: string) => inState(folder, 'finished', 'failed', 'stopped');
  const said = ({ messages }: Asked): string => messages.at(-1)?.text ?? '';

  it('scores what it can, is asked again where there is no score, and lists what it refuses', async () => {
    judges.answer = async asked => {
      if (said(asked) === 'harmful') throw new Error('Filtered by the content policy.');
      if (said(asked) === 'good') return ['I would ', 'say **85**', '/100.'];
      return said(asked) === 'vague' ? ['It is nice.'] : ['70'];
    };
    const folder = await judging('lm-lab-test/judge', 'good', 'vague', 'harmful');
    const evaluation = await ended(folder);
    assert.ok(evaluation?.result?.task === 'judge', JSON.stringify(evaluation?.status?.error));
    const [column] = evaluation.result.columns;
    assert.deepEqual([column?.asked, column?.scored, column?.mean?.value], [3, 2, 77.5]);
    const lines = (await readFile(path.join(folder, 'rows.jsonl'), 'utf8')).trimEnd().split('\n');
    const rows = lines.map(line => JSON.parse(line) as JudgedRow);
    assert.deepEqual(
      rows.map(({ score, attempts }) => [score, attempts]),
      [
        [85, 1],
        [70, 2],
        [null, 2],
      ],
    );
    assert.match(rows[2]?.problem ?? '', /Filtered by the content policy/);
    const { User, Assistant } = vscode.LanguageModelChatMessageRole;
    assert.deepEqual(
      judges.asked[2]?.messages.map(({ role }) => role),
      [User, Assistant, User],
    );
    assert.deepEqual(judges.asked[0]?.modelOptions, { temperature: 0, seed: 123 });
  });

  it('is let go of when an evaluation is stopped, also where it does not listen', async () => {
    judges.answer = () => new Promise(() => {});
    const folder = await judging('lm-lab-test/judge', 'unheard');
    const asked = await until(
      () => judges.asked.find(one => said(one) === 'unheard'),
      found => found !== undefined,
      50,
    );
    const running = await inState(folder, 'running');
    assert.ok(running && (await editorLab.evaluations.stop(running)).ok);
    assert.equal((await ended(folder))?.state, 'stopped');
    await until(
      () => asked?.token.isCancellationRequested,
      cancelled => cancelled === true,
    );
  });

  it('that takes no more questions ends the evaluation, which goes on from there', async () => {
    judges.answer = async asked => {
      if (said(asked) === 'second') throw vscode.LanguageModelError.Blocked('The quota is used up.');
      return ['80'];
    };
    const folder = await judging('lm-lab-test/judge', 'first', 'second');
    const failed = await ended(folder);
    assert.equal(failed?.status?.error?.code, 'judge-busy');
    assert.match(failed.status.error.message, /The quota is used up/);
    judges.answer = async () => ['60'];
    judges.asked.length = 0;
    await begun(folder);
    const { result } = (await inState(folder, 'finished')) ?? {};
    assert.ok(result?.task === 'judge');
    assert.deepEqual(result.columns[0]?.mean?.value, 70);
    assert.deepEqual(judges.asked.map(said), ['second']);
  });

  it('is asked nothing without consent', async () => {
    const evaluation = await ended(await judging('lm-lab-test-guarded/judge', 'good'));
    assert.equal(evaluation?.status?.error?.code, 'judge-consent-missing', JSON.stringify(evaluation));
    assert.deepEqual(judges.asked, []);
  });

  it('that is not there is told as such, with those that are', async () => {
    const evaluation = await ended(await judging('lm-lab-test/other', 'good'));
    const { code, message } = evaluation?.status?.error ?? {};
    assert.equal(code, 'judge-model-unknown');
    assert.match(message ?? '', /no language model "lm-lab-test\/other", but .*"lm-lab-test-guarded\/judge"/);
  });

  it('is offered by the form, each with whose it is', async () => {
    await editorLab.evaluatePanel.show({ task: 'judge', dataset: { file: 'responses.json' } });
    const snapshot = await until(
      () => editorLab.evaluatePanel.snapshot,
      snapshot => (snapshot?.languageModels.length ?? 0) > 0,
    );
    const offered = snapshot?.languageModels.filter(({ id }) => id.startsWith('lm-lab-test'));
    assert.deepEqual(offered, [
      { id: 'lm-lab-test/judge', label: 'Judge (lm-lab-test)' },
      { id: 'lm-lab-test-guarded/judge', label: 'Judge (lm-lab-test-guarded)' },
    ]);
  });
});
