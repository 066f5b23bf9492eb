import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { composer } from './composer.ts';
import type { PageContext } from './context.ts';
import { emptyState } from './emptyState.ts';
import { setup } from './setup.ts';
import { systemPrompt } from './systemPrompt.ts';
import { turn } from './turn.ts';
import { turnOfMessage } from './turnOfMessage.ts';

/** The turns, and under them where one writes. */
export function conversation(context: PageContext): TemplateResult {
  const { snapshot, ui } = context;
  const { turns, rendering } = snapshot;
  const dropped = new Set(
    (rendering.chat?.dropped ?? []).map(message => turnOfMessage(rendering.messages, turns, message)?.id),
  );
  return html`
    <section class="conversation" aria-label="Chat">
      ${ui.setup ? setup(context) : nothing}
      <div class="turns" role="log" aria-live="off">
        ${systemPrompt(context)}
        ${turns.length === 0 ? emptyState(context) : nothing}
        ${repeat(
          turns,
          ({ id }) => id,
          (shown, index) => turn(shown, { number: index + 1, dropped: dropped.has(shown.id) }, context),
        )}
      </div>
      ${composer(context)}
    </section>
  `;
}
