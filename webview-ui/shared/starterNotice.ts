import { html, type TemplateResult } from 'lit';

export interface StarterNotice {
  /** What the starter does less well than GPT-2 in this panel. */
  readonly rougher: 'figures' | 'texts';
  readonly getGpt2: () => void;
  readonly close: () => void;
}

/** A line that says what the starter model is, and offers the real one. */
export const starterNotice = ({ rougher, getGpt2, close }: StarterNotice): TemplateResult => html`
  <div class="notice starter">
    <span class="codicon codicon-info" aria-hidden="true"></span>
    <span class="grow">The starter model is a small stand-in for GPT-2: its ${rougher} are rougher.</span>
    <button class="link" @click=${getGpt2}>Get GPT-2</button>
    <button class="icon" aria-label="Close this notice" title="Close this notice" @click=${close}>
      <span class="codicon codicon-close" aria-hidden="true"></span>
    </button>
  </div>
`;
