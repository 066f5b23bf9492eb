import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { PromptSize } from '../../src/protocol/panels/generations.ts';
import { count, counted } from '../shared/format.ts';
import type { PageContext } from './context.ts';

/** What all columns go on from, and how long it is for the model. */
export function promptView({ snapshot, send }: PageContext): TemplateResult {
  const { prompt, promptSize } = snapshot;
  const run = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send({ type: 'run' });
  };
  return html`
    <div class="prompt">
      <textarea
        class="token-text"
        placeholder="The text to go on from, such as: The movie was full of"
        aria-label="Prompt"
        aria-describedby="prompt-size"
        spellcheck="false"
        .value=${live(prompt)}
        @input=${(event: Event) => send({ type: 'prompt', text: (event.target as HTMLTextAreaElement).value })}
        @keydown=${run}
      ></textarea>
      <span id="prompt-size" class="prompt-size steady ${isTooLong(promptSize) ? 'too-long' : 'quiet'}">
        ${sizeText(prompt, promptSize)}
      </span>
    </div>
  `;
}

const isTooLong = (size: PromptSize | null): boolean =>
  size !== null && size.contextLength > 0 && size.tokens >= size.contextLength;

function sizeText(prompt: string, size: PromptSize | null): string {
  if (prompt === '') return 'Empty: the model begins a text of its own.';
  if (!size) return '';
  const of = size.contextLength > 0 ? ` of ${count(size.contextLength)}` : '';
  if (isTooLong(size)) return `${counted(size.tokens, 'token')}${of}: no room is left to go on. Shorten the prompt.`;
  return prompt.endsWith(' ')
    ? `${counted(size.tokens, 'token')}${of} · it ends with a space, which most tokens bring themselves`
    : `${counted(size.tokens, 'token')}${of}`;
}
