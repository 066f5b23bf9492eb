import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Reason } from '../../src/protocol/result.ts';
import { settingsForm } from '../shared/settingsForm.ts';
import type { PageContext } from './context.ts';
import { asWritten } from './asWritten.ts';

/** A chat has one reply at a time. */
const WITHOUT = ['count', 'returned'] as const;

/** How the chat is written down for the model, and how the reply is chosen. */
export function setup(context: PageContext): TemplateResult {
  const { snapshot, send } = context;
  const { settings, stopAtTurn, template, rendering } = snapshot;
  const markers = rendering.chat?.turnMarkers ?? [];
  return html`
    <div class="setup">
      ${template.kind === 'own' ? ownTemplate(context) : nothing}
      ${settingsForm({
        settings,
        name: 'chat',
        without: WITHOUT,
        onChange: changed => send({ type: 'settings', settings: changed }),
      })}
      <label class="stop-at-turn" title="A model that was not trained to chat writes the other side’s turn as well.">
        <input
          type="checkbox"
          .checked=${live(stopAtTurn)}
          @change=${(event: Event) => send({ type: 'stopAtTurn', on: (event.target as HTMLInputElement).checked })}
        />
        Stop at the next turn’s marker
        ${markers.map(marker => html`<code>${JSON.stringify(marker).slice(1, -1)}</code>`)}
      </label>
    </div>
  `;
}

function ownTemplate({ snapshot, send }: PageContext): TemplateResult {
  const { ownTemplate, templateInEditor, rendering } = snapshot;
  return html`
    <div class="own-template">
      <label>
        <span class="quiet">Jinja over <code>messages</code>, <code>add_generation_prompt</code>, <code>eos_token</code></span>
        <textarea
          id="own-template"
          class="writing"
          spellcheck="false"
          ?readonly=${templateInEditor}
          .value=${live(templateInEditor ? ownTemplate : asWritten('own-template', ownTemplate))}
          @input=${(event: Event) => send({ type: 'ownTemplate', text: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
      </label>
      ${rendering.error ? templateError(rendering.error, snapshot.templateInEditor, send) : nothing}
      <button class="link" @click=${() => send({ type: 'openTemplate' })}>
        ${templateInEditor ? 'It is written in its editor: go there' : 'Open in an editor'}
      </button>
    </div>
  `;
}

function templateError({ message, remedy }: Reason, inEditor: boolean, send: PageContext['send']): TemplateResult {
  const place = placeIn(message);
  const go = (): void => {
    if (!place) return;
    if (inEditor) send({ type: 'openTemplate', ...place });
    else selectPlace(place);
  };
  return html`
    <p class="problem" role="alert">
      ${message} <span class="quiet">${remedy}</span>
      ${place ? html`<button class="link" @click=${go}>Go to line ${place.line}</button>` : nothing}
    </p>
  `;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place that a message of the engine names, from 1. */
function placeIn(message: string): Place | null {
  const [, line, column] = /line (\d+), column (\d+)/i.exec(message) ?? [];
  return line && column ? { line: Number(line), column: Number(column) } : null;
}

function selectPlace({ line, column }: Place): void {
  const area = document.querySelector<HTMLTextAreaElement>('#own-template');
  if (!area) return;
  const before = area.value.split('\n').slice(0, line - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(at, Math.min(area.value.length, at + 1));
}
