import { html, type TemplateResult } from 'lit';
import { RESPONSE_COLUMN } from '../../src/protocol/evaluation/folder.ts';
import { defaultJudgePrompt } from '../../src/protocol/evaluation/judge.ts';
import type { JudgeTask } from '../../src/protocol/evaluation/request.ts';
import { valueAt } from '../../src/protocol/fields/check.ts';
import type { PageContext } from './context.ts';
import { areaRow, choiceRow, namesRow, numberRow, textRow } from './row.ts';

const KINDS = [
  ['ollama', 'Ollama'],
  ['openai', 'OpenAI-compatible server'],
  ['vscode', 'a language model of the editor'],
] as const;

const ADDRESSES = { ollama: 'http://127.0.0.1:11434', openai: 'http://127.0.0.1:8000', vscode: '' } as const;

/** Who judges, what it is asked, and how patiently; `path` is where the request has that. */
export function judgeFields(path: 'judge' | 'compare.judge', context: PageContext): TemplateResult {
  const { judge, columns } = valueAt(context.spec, path) as JudgeTask;
  const kind = judge?.kind ?? 'ollama';
  const { opened } = context.snapshot;
  const names = opened.value?.columns.filter(one => one.kind === 'text').map(({ name }) => name) ?? [];
  const none =
    'The file has no column of responses: write some first, with “Write responses”, and judge its responses.json.';
  return html`
    ${choiceRow(`${path}.judge.kind`, { title: 'Asked of', meaning: 'A server on this machine or elsewhere, or what the editor offers itself.' }, KINDS, context)}
    ${modelRow(path, kind, context)}
    ${
      kind === 'vscode'
        ? ''
        : html`
            ${textRow(`${path}.judge.address`, { title: 'Address', meaning: kind === 'ollama' ? 'Of the server. Empty: where it stands by default on this machine.' : 'Of the server, with or without /v1.' }, context, ADDRESSES[kind])}
            ${textRow(
              `${path}.judge.keyVariable`,
              {
                title: 'Key',
                meaning: html`Name of the environment variable that holds a key, where the server asks for one; or
                  <button class="link" @click=${() => context.send({ type: 'runCommand', command: 'lmLab.setJudgeKey' })}>keep it in the editor</button>. It is never written into a request.`,
              },
              context,
              'no key',
            )}
          `
    }
    ${
      path === 'judge'
        ? namesRow(
            'judge.columns',
            {
              title: 'Responses',
              meaning:
                columns.length === 0 && !names.includes(RESPONSE_COLUMN)
                  ? none
                  : 'Columns with responses to judge, each by itself.',
            },
            names,
            context,
          )
        : ''
    }
    ${areaRow(`${path}.prompt`, { title: 'Question', meaning: html`Jinja over the row; <code>{{ response }}</code> is what is judged. Empty: the question of the published scores.` }, context, defaultJudgePrompt(opened.value?.roles ?? {}))}
    ${numberRow(`${path}.concurrency`, { title: 'Questions at once', meaning: 'More are faster where the server can do several.' }, context)}
    ${numberRow(`${path}.retries`, { title: 'Asked again', meaning: 'Times that a question is asked again where no score came.' }, context)}
    ${numberRow(`${path}.timeoutSeconds`, { title: 'Seconds to wait', meaning: 'For one answer.' }, context)}
    ${numberRow(`${path}.temperature`, { title: 'Temperature', meaning: '0: the same question gets the same answer.' }, context)}
    ${numberRow(`${path}.seed`, { title: 'Seed', meaning: 'Handed to servers that take one.' }, context)}
  `;
}

function modelRow(path: string, kind: JudgeTask['judge']['kind'], context: PageContext): TemplateResult {
  const { languageModels } = context.snapshot;
  if (kind === 'vscode' && languageModels.length > 0) {
    const choices = languageModels.map(({ id, label }) => [id, label] as const);
    return choiceRow(
      `${path}.judge.model`,
      { title: 'Model', meaning: 'The first question asks for your consent.' },
      choices,
      context,
    );
  }
  const meaning =
    kind === 'vscode'
      ? 'The editor offers no language model here: install an extension that brings one.'
      : 'As its server names it.';
  return textRow(
    `${path}.judge.model`,
    { title: 'Model', meaning },
    context,
    kind === 'ollama' ? 'llama3' : 'its name',
  );
}
