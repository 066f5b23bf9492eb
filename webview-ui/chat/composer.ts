import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { progressText } from '../shared/progress.ts';
import { contextBar } from './contextBar.ts';
import { draftOf, isReplying, type PageContext } from './context.ts';
import { endsWriting } from './keys.ts';

/** Where one writes, and how full the context is. */
export function composer(context: PageContext): TemplateResult {
  const { snapshot, send, change } = context;
  const draft = draftOf(context);
  const replying = isReplying(snapshot);
  const waiting = draft.trim() === '' && snapshot.turns.at(-1)?.role === 'user';
  const nothingToSend = draft.trim() === '' && !waiting;
  const sendDraft = (): void => {
    if (replying || nothingToSend) return;
    send({ type: 'send', text: draft });
    change({ draft: '' });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (!endsWriting(event)) return;
    event.preventDefault();
    sendDraft();
  };
  const onInput = (event: Event): void => {
    const text = (event.target as HTMLTextAreaElement).value;
    change({ draft: text });
    send({ type: 'draft', text });
  };
  return html`
    <footer class="composer">
      ${contextBar(context)}
      <div class="write">
        <textarea
          id="message"
          class="writing"
          rows="1"
          aria-label="Message: Enter sends, Shift+Enter begins a new line"
          placeholder=${waiting ? 'The last message has no reply: Enter asks for one' : 'Message: Enter sends, Shift+Enter begins a line'}
          .value=${live(draft)}
          @input=${onInput}
          @keydown=${onKey}
        ></textarea>
        ${
          replying
            ? html`<vscode-button appearance="secondary" title="Stop (Escape)" @click=${() => send({ type: 'stop' })}>Stop</vscode-button>`
            : html`<vscode-button ?disabled=${nothingToSend} @click=${sendDraft}>${waiting ? 'Reply' : 'Send'}</vscode-button>`
        }
      </div>
      ${replying ? progressLine(context) : nothing}
    </footer>
  `;
}

/** Nothing but a line while tokens come: they are the progress. */
function progressLine({ snapshot }: PageContext): TemplateResult | typeof nothing {
  const { state, turns } = snapshot;
  if (state.kind !== 'replying' || (turns.at(-1)?.reply?.tokens.length ?? 0) > 0) return nothing;
  return html`
    <p class="quiet steady" role="status">
      ${state.progress ? html`${state.progress.message} ${progressText(state.progress)}` : 'Waiting for the engine'}
    </p>
  `;
}
