import { html, nothing, type TemplateResult } from 'lit';
import type { ChatTurn, Reply } from '../../src/protocol/panels/chat.ts';
import { count, counted, perplexity } from '../shared/format.ts';
import '../shared/generatedText.ts';
import { isReplying, type PageContext } from './context.ts';
import { turnEditor } from './turnEditor.ts';

export interface TurnPlace {
  readonly number: number;
  /** The context was full: the model did not get it. */
  readonly dropped: boolean;
}

/** One turn: who speaks, what, and what can be done with it. */
export function turn(shown: ChatTurn, { number, dropped }: TurnPlace, context: PageContext): TemplateResult {
  const { ui } = context;
  const who = shown.role === 'user' ? 'You' : (shown.reply?.model ?? 'Assistant');
  const editing = ui.editing?.turn === shown.id;
  return html`
    <article
      id=${turnElementId(shown.id)}
      class="turn ${shown.role} ${dropped ? 'dropped' : ''}"
      tabindex="-1"
      aria-label="${who}, turn ${number}"
    >
      <header>
        <span class="who">${who}</span>
        ${dropped ? html`<span class="quiet" title="The context is full: the oldest turns are left out.">not read any more</span>` : nothing}
        <span class="grow"></span>
        ${editing ? nothing : actions(shown, context)}
      </header>
      ${editing ? turnEditor(shown, context) : content(shown, context)}
    </article>
  `;
}

export const turnElementId = (id: number): string => `turn-${id}`;

function content({ content, reply }: ChatTurn, { snapshot, ui }: PageContext): TemplateResult {
  if (!reply) return html`<div class="said">${content}</div>`;
  const running = reply.ending === 'running';
  const stopTexts = snapshot.settings.stop ?? [];
  return html`
    <lm-generated-text
      .tokens=${reply.tokens}
      .text=${content}
      .heat=${ui.heat}
      .look=${ui}
      .running=${running}
      .label=${'Reply, token by token'}
    ></lm-generated-text>
    ${running ? nothing : html`<p class="ending quiet steady">${figures(reply, stopTexts)}</p>`}
  `;
}

const ENDINGS: Readonly<Record<Exclude<Reply['ending'], 'running'>, string>> = {
  endoftext: 'ended by the model',
  length: 'cut at the number of new tokens',
  stop: 'stopped at the turn marker',
  context: 'the context is full',
  stopped: 'stopped by you',
  failed: 'broken off by a failure',
};

function figures({ tokens, ending, seed }: Reply, stopTexts: readonly string[]): string {
  const nats = tokens.reduce((sum, { probability }) => sum - Math.log(probability), 0);
  return [
    counted(tokens.length, 'token'),
    tokens.length > 0 && `perplexity ${perplexity(Math.exp(nats / tokens.length))}`,
    ending === 'stop' && stopTexts.length > 0 ? 'stopped at a text or marker' : ending !== 'running' && ENDINGS[ending],
    seed !== undefined && `seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

function actions({ id, role, content }: ChatTurn, { snapshot, send, change }: PageContext): TemplateResult {
  const busy = isReplying(snapshot);
  const after = snapshot.turns.length - 1 - snapshot.turns.findIndex(turn => turn.id === id);
  const drops = after > 0 && !(role === 'user' && after === 1) ? ', and drop what follows' : '';
  return html`
    <span class="turn-actions" role="group" aria-label="Turn">
      ${button('edit', 'Edit', busy, () => change({ editing: { turn: id, content } }))}
      ${button('refresh', `${role === 'user' ? 'Reply to this anew' : 'Regenerate'}${drops}`, busy, () => send({ type: 'regenerate', turn: id }))}
      ${button('copy', 'Copy', false, () => send({ type: 'copyTurn', turn: id }))}
      ${button('trash', after > 0 ? `Delete from here: ${count(after + 1)} turns` : 'Delete', busy, () => send({ type: 'deleteFrom', turn: id }))}
    </span>
  `;
}

const button = (icon: string, label: string, disabled: boolean, run: () => void): TemplateResult => html`
  <button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${run}>
    <span class="codicon codicon-${icon}" aria-hidden="true"></span>
  </button>
`;
