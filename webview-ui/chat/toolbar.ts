import { html, type TemplateResult } from 'lit';
import { BUILT_IN_TEMPLATES } from '../../src/protocol/chat.ts';
import type { ChatSnapshot, TemplateChoice } from '../../src/protocol/panels/chat.ts';
import { action, chooser } from '../shared/toolbar.ts';
import { isReplying, type PageContext } from './context.ts';

/** Who answers, by which template, and what can be done with the whole chat. */
export function toolbar({ snapshot, ui, send, change }: PageContext): TemplateResult {
  const { models, answering, device, turns } = snapshot;
  const busy = isReplying(snapshot);
  // Until the list of models has come, the one that answers is known by its id.
  const known = models.some(({ id }) => id === answering) ? models : [{ id: answering, label: answering }, ...models];
  return html`
    <header class="toolbar">
      <div class="choosers">
        ${chooser('Model that answers', known, answering, busy, model => send({ type: 'chooseModel', model }))}
        ${device ? html`<span class="device" title="The model runs on ${device}.">${device}</span>` : ''}
        ${chooser('Chat template', templateOptions(snapshot), templateId(snapshot.template), busy, id => {
          const template = templateOfId(id);
          send({ type: 'chooseTemplate', template });
          if (template.kind === 'own') change({ setup: true });
        })}
      </div>
      <div class="actions" role="toolbar" aria-label="Chat">
        ${action('add', 'New', 'Begin a new chat', busy || turns.length === 0, () => send({ type: 'newChat' }))}
        ${action('folder-opened', '', 'Load messages from a JSON file', busy, () => send({ type: 'load', from: 'file' }))}
        ${action('json', '', 'Load the messages of the JSON file that is open in an editor', busy, () => send({ type: 'load', from: 'editor' }))}
        ${action('save', '', 'Save the messages as JSON', turns.length === 0, () => send({ type: 'save' }))}
        ${action('copy', '', 'Copy the messages as JSON', turns.length === 0, () => send({ type: 'copy', what: 'chat' }))}
        ${toggle('flame', 'Heat: how surprising each token of a reply was', ui.heat, () => change({ heat: !ui.heat }))}
        ${toggle('layout-sidebar-right', 'What the model gets', ui.pane, () => change({ pane: !ui.pane }))}
      </div>
    </header>
  `;
}

const toggle = (icon: string, label: string, on: boolean, run: () => void): TemplateResult => html`
  <button class="icon toggle" aria-label=${label} title=${label} aria-pressed=${on} @click=${run}>
    <span class="codicon codicon-${icon}" aria-hidden="true"></span>
  </button>
`;

const OWN = 'own:';
const DEFAULT = 'default:';

const TITLES: Readonly<Record<(typeof BUILT_IN_TEMPLATES)[number], string>> = {
  plain: 'Plain roles',
  chatml: 'ChatML',
  alpaca: 'Alpaca',
  'question-answer': 'Question and answer',
  'phi-3': 'Phi-3',
  zephyr: 'Zephyr',
};

export const templateTitle = (name: string): string => (TITLES as Readonly<Record<string, string>>)[name] ?? name;

function templateOptions({ rendering }: ChatSnapshot): Array<{ id: string; label: string }> {
  const own = rendering.chat?.modelTemplates ?? [];
  const builtIn = BUILT_IN_TEMPLATES.map(name => ({ id: name, label: TITLES[name] }));
  const others = own.filter(name => name !== 'default' && !(name in TITLES));
  return [
    { id: DEFAULT, label: own.length > 0 ? 'Template of the model' : 'Plain roles (the model has none)' },
    ...others.map(name => ({ id: name, label: `Of the model: ${name}` })),
    ...builtIn,
    { id: OWN, label: 'Your own (Jinja)…' },
  ];
}

const templateId = (template: TemplateChoice): string => (template.kind === 'own' ? OWN : (template.name ?? DEFAULT));

function templateOfId(id: string): TemplateChoice {
  if (id === OWN) return { kind: 'own' };
  return { kind: 'named', name: id === DEFAULT ? null : id };
}
