import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { asWritten } from './asWritten.ts';
import type { PageContext } from './context.ts';

/** What stands before all turns. */
export function systemPrompt({ snapshot, send }: PageContext): TemplateResult {
  return html`
    <label class="turn system">
      <span class="who">System prompt</span>
      <textarea
        id="system-prompt"
        class="writing"
        rows="1"
        placeholder="None"
        .value=${live(asWritten('system-prompt', snapshot.system))}
        @input=${(event: Event) => send({ type: 'system', text: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
    </label>
  `;
}
