import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ChatTurn } from '../../src/protocol/panels/chat.ts';
import type { PageContext } from './context.ts';
import { endsWriting } from './keys.ts';

/** A turn as it is rewritten. Enter takes the words, Escape leaves them as they were. */
export function turnEditor({ id, role }: ChatTurn, { ui, send, change }: PageContext): TemplateResult {
  const content = ui.editing?.content ?? '';
  const save = (): void => {
    send({ type: 'edit', turn: id, content });
    change({ editing: null });
  };
  const saveAndReply = (): void => {
    save();
    send({ type: 'regenerate', turn: id });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') change({ editing: null });
    else if (endsWriting(event)) (role === 'user' ? saveAndReply : save)();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`
    <textarea
      class="writing"
      aria-label="Words of this turn"
      autofocus
      .value=${live(content)}
      @input=${(event: Event) => change({ editing: { turn: id, content: (event.target as HTMLTextAreaElement).value } })}
      @keydown=${onKey}
    ></textarea>
    <div class="buttons">
      ${role === 'user' ? html`<vscode-button @click=${saveAndReply}>Save and reply</vscode-button>` : nothing}
      <vscode-button appearance=${role === 'user' ? 'secondary' : 'primary'} @click=${save}>Save</vscode-button>
      <vscode-button appearance="secondary" @click=${() => change({ editing: null })}>Cancel</vscode-button>
    </div>
  `;
}
