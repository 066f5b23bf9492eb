import { html, nothing, type TemplateResult } from 'lit';
import type { MethodName, Role } from '../../src/protocol/run/spec.ts';
import '../shared/menu.ts';
import { columnsOf, methodOf, type PageContext, rolesOf } from './context.ts';
import { trainingOf, withDataset, withMethod, withRole, withTraining } from './edits.ts';
import { checkField, codeField, numberField, type Option, selectField } from './fields.ts';
import { missingRoles, rolesToShow } from './roles.ts';
import { section } from './section.ts';

const METHODS: ReadonlyArray<Option<MethodName>> = [
  { value: 'classification', label: 'Classification' },
  { value: 'sft', label: 'Instruction tuning (sft)' },
  { value: 'lm', label: 'Language modelling (lm)' },
  { value: 'dpo', label: 'Preferences (dpo)' },
  { value: 'reward', label: 'Reward model' },
  { value: 'ppo', label: 'Reinforcement (ppo)' },
];
const GUESSED = '';
const OWN = 'own';

/** What the data is for, which model reads it, and which column is what. */
export function preparation(context: PageContext): TemplateResult {
  return html`${section('method', 'Method', methodLine(context))} ${section('roles', 'Roles', rolesLine(context))}`;
}

function methodLine({ snapshot, edit }: PageContext): TemplateResult {
  const { request, opened, models } = snapshot;
  const guessed = opened.value?.method;
  const known = models.some(({ id }) => id === request.model);
  return html`
    ${selectField<MethodName | ''>(
      {
        title: 'Method',
        meaning: 'What the model is to learn from these rows. Guessed from the columns unless chosen.',
        untitled: true,
      },
      request.method ?? GUESSED,
      [{ value: GUESSED, label: `Guessed: ${guessed ?? 'none fits'}` }, ...METHODS],
      method => edit(withMethod(request, method || null)),
    )}
    ${selectField(
      { title: 'model', meaning: 'Whose tokens are counted, and which a run would train.' },
      request.model,
      [
        ...(known ? [] : [{ value: request.model, label: request.model }]),
        ...models.map(({ id, label }) => ({ value: id, label })),
      ],
      model => edit({ ...request, model }),
    )}
  `;
}

function rolesLine(context: PageContext): TemplateResult {
  const { snapshot, edit } = context;
  const [method, roles] = [methodOf(snapshot), rolesOf(snapshot)];
  const { shown, others } = rolesToShow(method, roles);
  const missing = missingRoles(method, roles);
  const names = columnsOf(snapshot).map(({ name }) => name);
  const items = others.map(role => ({
    label: role,
    icon: 'add',
    run: () => edit(withRole(snapshot.request, role, names[0] ?? null)),
  }));
  return html`
    ${shown.map(role => roleField(role, missing.includes(role), context))}
    ${
      others.length > 0 && names.length > 0
        ? html`<lm-menu .icon=${'add'} .text=${'Role'} .label=${'Use a column in another role'} .items=${items}></lm-menu>`
        : nothing
    }
  `;
}

function roleField(role: Role, missing: boolean, { snapshot, edit }: PageContext): TemplateResult {
  const { request, opened } = snapshot;
  const given = request.dataset.columns?.[role];
  const guessed = given === undefined ? opened.value?.roles[role] : undefined;
  const columns = columnsOf(snapshot).map(({ name }) => name);
  const gone = given !== undefined && !columns.includes(given);
  const first = given !== undefined ? 'guess' : guessed !== undefined ? `${guessed}, guessed` : 'choose…';
  return html`
    <span class="role ${missing || gone ? 'missing' : ''}">
      ${selectField(
        {
          title: role,
          meaning: missing ? `The method needs a column with the ${role}.` : `The column with the ${role}.`,
        },
        given ?? GUESSED,
        [
          { value: GUESSED, label: first },
          ...(gone ? [{ value: given, label: `${given} (not there)` }] : []),
          ...columns.map(name => ({ value: name, label: name })),
        ],
        column => edit(withRole(request, role, column || null)),
      )}
    </span>
  `;
}

/** How a row becomes tokens. */
export function encoding(context: PageContext): TemplateResult {
  const { snapshot, edit } = context;
  const { request } = snapshot;
  const training = trainingOf(request);
  const change = (changes: Parameters<typeof withTraining>[1]): void => edit(withTraining(request, changes));
  const method = methodOf(snapshot);
  const hasPrompt = method !== null && method !== 'lm' && method !== 'classification';
  return section(
    'encoding',
    'Tokens',
    html`
      ${hasPrompt ? template(context) : nothing}
      ${numberField(
        { title: 'max length', meaning: 'Tokens of a sequence at most; empty: the model’s context.' },
        training.maxLength,
        { min: 1, empty: 'context' },
        maxLength => change({ maxLength }),
      )}
      ${
        hasPrompt
          ? numberField(
              { title: 'max prompt', meaning: 'Tokens of a prompt at most; empty: as many as fit.' },
              training.maxPromptLength,
              { min: 1, empty: 'any' },
              maxPromptLength => change({ maxPromptLength }),
            )
          : nothing
      }
      ${
        method === 'lm'
          ? nothing
          : selectField(
              { title: 'too long', meaning: 'What happens to a row that is longer: it is cut, or left out.' },
              training.tooLong === 'drop' ? 'drop' : training.truncate,
              [
                { value: 'right', label: 'cut its end' },
                { value: 'left', label: hasPrompt ? 'cut the prompt’s start' : 'cut its start' },
                { value: 'drop', label: 'drop it' },
              ],
              choice =>
                change(
                  choice === 'drop' ? { tooLong: 'drop' } : { tooLong: 'cut', truncate: choice as 'left' | 'right' },
                ),
            )
      }
      ${
        method === 'sft'
          ? checkField(
              {
                title: 'score completions only',
                meaning: 'The loss is on the completion; else on the prompt as well.',
              },
              training.completionOnly,
              completionOnly => change({ completionOnly }),
            )
          : nothing
      }
    `,
  );
}

const TEMPLATES = ['alpaca', 'question-answer', 'phi-3', 'none'];
const EMPTY_TEMPLATE = '{{ instruction }}\n';

function template({ snapshot, edit }: PageContext): TemplateResult {
  const { request } = snapshot;
  const value = request.dataset.template ?? GUESSED;
  const own = value !== GUESSED && !TEMPLATES.includes(value);
  const prompt = columnsOf(snapshot).find(({ kind }) => kind === 'text')?.name;
  const set = (written: string | null): void => edit(withDataset(request, { template: written }));
  return html`
    ${selectField(
      { title: 'template', meaning: 'How the prompt is written from the columns.' },
      own ? OWN : value,
      [
        { value: GUESSED, label: snapshot.opened.value?.roles.instruction ? 'alpaca, by default' : 'by default' },
        ...TEMPLATES.map(name => ({ value: name, label: name })),
        { value: OWN, label: 'Jinja…' },
      ],
      chosen => set(chosen === OWN ? (prompt ? `{{ ${prompt} }}\n` : EMPTY_TEMPLATE) : chosen || null),
    )}
    ${
      own
        ? codeField(
            {
              title: 'Prompt template, in Jinja',
              meaning: 'Jinja over the columns of a row. Control+Enter takes it.',
              untitled: true,
            },
            value,
            { lines: true },
            set,
          )
        : nothing
    }
  `;
}
