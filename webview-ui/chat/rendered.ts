import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { visibleText } from '../../src/protocol/heat.ts';
import { count, counted } from '../shared/format.ts';
import { tokenText } from '../shared/tokenText.ts';
import { action } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';
import { labelOf, type Segment, segmentsOf, type ShownToken } from './segments.ts';
import { turnElementId } from './turn.ts';
import { turnOfMessage } from './turnOfMessage.ts';

/** Exactly what the model gets: the text and its ids, special tokens framed, turns tinted and named. */
export function renderedPane(context: PageContext): TemplateResult {
  const { snapshot, ui, send, change } = context;
  const { chat, messages, error } = snapshot.rendering;
  const told = ui.setup && snapshot.template.kind === 'own'; // where the template is written
  return html`
    <section class="rendered-pane" aria-label="What the model gets">
      <header>
        <h3>${error && chat ? 'What the model would have got before' : 'What the model gets'} ${chat && !error ? html`<span class="steady">· ${counted(chat.tokens.length, 'token')}</span>` : nothing}</h3>
        <button
          class="icon toggle"
          aria-pressed=${ui.ids}
          aria-label="Ids of the tokens"
          title="Ids of the tokens"
          @click=${() => change({ ids: !ui.ids })}
        ><span class="codicon codicon-symbol-numeric" aria-hidden="true"></span></button>
        ${action('copy', 'text', 'Copy the text', !chat, () => send({ type: 'copy', what: 'rendered' }))}
        ${action('copy', 'ids', 'Copy the ids as JSON', !chat, () => send({ type: 'copy', what: 'ids' }))}
      </header>
      ${error && !told ? html`<p class="problem" role="alert">${error.message} <span class="quiet">${error.remedy}</span></p>` : nothing}
      ${droppedLine(context)}
      ${
        chat
          ? html`<div class="rendered ${ui.ids ? 'with-ids' : ''} ${error ? 'stale' : ''}" tabindex="0" role="group" aria-label="Text for the model">${guard(
              [chat, messages, ui.ids],
              () => segmentsOf(chat, messages).map(shown => segment(shown, context)),
            )}</div>`
          : html`<p class="quiet nothing-yet">${error ? '' : 'It shows here as you write: every turn, what the template adds, and the ids of the tokens.'}</p>`
      }
    </section>
  `;
}

function droppedLine({ snapshot }: PageContext): TemplateResult | typeof nothing {
  const { rendering, contextLength, settings } = snapshot;
  const dropped = rendering.chat?.dropped ?? [];
  if (dropped.length === 0 || rendering.error) return nothing;
  return html`
    <details class="dropped">
      <summary>
        The context is full: ${counted(dropped.length, 'message')} left out, the oldest first
      </summary>
      <p class="quiet">
        ${count(contextLength)} tokens are all that the model takes, and ${count(settings.maxNewTokens)} of them are kept
        free for the reply.
      </p>
      <ul>
        ${dropped.map(
          index =>
            html`<li><b>${labelOf(rendering.messages, index)}</b> ${rendering.messages[index]?.content ?? ''}</li>`,
        )}
      </ul>
    </details>
  `;
}

function segment({ message, role, label, tokens }: Segment, { snapshot, ui }: PageContext): TemplateResult {
  const { rendering, turns } = snapshot;
  const shown = message === null ? undefined : turnOfMessage(rendering.messages, turns, message);
  const reveal = (): void => {
    const element = shown && document.getElementById(turnElementId(shown.id));
    element?.scrollIntoView({ block: 'nearest' });
    element?.focus({ preventScroll: true });
  };
  const name = label
    ? html`<button class="label" ?disabled=${!shown} data-label=${label} aria-label=${label} title=${shown ? `${label}: go to the turn` : label} @click=${reveal}></button>`
    : nothing;
  return html`<span class="run ${role ?? 'template'}">${name}${tokens.map(token => renderedToken(token, ui.ids))}</span>`;
}

function renderedToken({ index, token, shown }: ShownToken, ids: boolean): TemplateResult {
  const about = `${visibleText(token.raw)} · id ${token.id} · token ${count(index + 1)}${token.special ? ' · special' : ''}`;
  const breaks = ids && shown.endsWith('\n') ? html`<br />` : nothing;
  const text = html`<span class="text">${ids ? wholeToken(shown) : tokenText(shown)}</span>`;
  return html`<span class="rendered-token ${token.special ? 'special' : ''}" title=${about}>${text}${
    ids ? html`<span class="id">${token.id}</span>` : nothing
  }</span>${breaks}`;
}

/** In a frame of its own, where every blank counts and no line may break. */
const wholeToken = (shown: string): unknown => (shown === '' ? '…' : visibleText(shown));
