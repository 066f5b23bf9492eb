import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { PageContext } from './context.ts';

/** What stands before all turns. */
export function systemPrompt({ snapshot, send }: PageContext): TemplateResult {
  return html`
    <label class="turn system">
      <span class="who">System prompt</span>
      <textarea
        class="writing"
        rows="1"
        placeholder="None"
        .value=${live(snapshot.system)}
        @input=${(event: Event) => send({ type: 'system', text: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
    </label>
  `;
}
