import { html, nothing, type TemplateResult } from 'lit';
import type { ChatSnapshot } from '../../src/protocol/panels/chat.ts';
import { count } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import type { PageContext } from './context.ts';
import { segmentsOf, tokensByRole } from './segments.ts';

/** How full the context is: by whose tokens, what is kept free for the reply, and what is left. */
export function contextBar({ snapshot }: PageContext): TemplateResult | typeof nothing {
  const { rendering, contextLength, settings } = snapshot;
  if (contextLength === 0) return nothing;
  const { chat, messages } = rendering;
  const coming = comingTokens(snapshot);
  const used = (chat?.tokens.length ?? 0) + coming;
  const room = Math.max(0, Math.min(settings.maxNewTokens - coming, contextLength - used));
  const byRole = tokensByRole(chat ? segmentsOf(chat, messages) : []);
  const share = (tokens: number): Readonly<Record<string, string>> => ({ width: `${(100 * tokens) / contextLength}%` });
  const part = (tokens: number, name: string, kind: string): TemplateResult | typeof nothing =>
    tokens === 0
      ? nothing
      : html`<span class="part ${kind}" title="${name}: ${count(tokens)} tokens" ${styles(share(tokens))}></span>`;
  return html`
    <div class="context">
      <div
        class="context-bar"
        role="meter"
        aria-label="Tokens of the context in use"
        aria-valuemin="0"
        aria-valuemax=${contextLength}
        aria-valuenow=${used}
      >
        ${part(byRole.get('system') ?? 0, 'System prompt', 'system')}
        ${part(byRole.get('user') ?? 0, 'You', 'user')}
        ${part((byRole.get('assistant') ?? 0) + coming, 'Replies', 'assistant')}
        ${part(byRole.get(null) ?? 0, 'The template’s own text', 'template')}
        ${part(room, 'Kept free for the reply', 'room')}
      </div>
      <span class="quiet steady" title="Tokens that the model gets, of those that it can take.">
        ${count(used)} of ${count(contextLength)} tokens
      </span>
    </div>
  `;
}

/** Of the reply under way, which is not in what the model was given. */
function comingTokens({ turns }: ChatSnapshot): number {
  const reply = turns.at(-1)?.reply;
  return reply?.ending === 'running' ? reply.tokens.length : 0;
}
