import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../../src/protocol/result.ts';
import type { PageContext } from './context.ts';
import { loadingLine, wayOut } from './states.ts';
import { starterNotice } from '../shared/starterNotice.ts';

type View = TemplateResult | typeof nothing;

/** One quiet line each, over the results: under way, failed, stale, and that the starter is a small stand-in. */
export function notices(context: PageContext): View[] {
  const { state, texts, stale } = context.snapshot;
  return [
    state.kind === 'loading' && texts.length > 0 ? loadingLine(state.progress, context) : nothing,
    state.kind === 'failed' && texts.length > 0 ? failedLine(state.error, context) : nothing,
    stale && state.kind === 'ready' ? staleLine(context) : nothing,
    starterLine(context),
  ];
}

function failedLine(reason: Reason, { send }: PageContext): TemplateResult {
  const { label, command } = wayOut(reason);
  return html`
    <div class="notice failed" role="alert">
      <span class="codicon codicon-error" aria-hidden="true"></span>
      <span class="grow">${reason.message} ${reason.remedy}</span>
      <button class="link" @click=${() => send({ type: 'scoreAgain' })}>Try again</button>
      <button class="link" @click=${() => send({ type: 'runCommand', command })}>${label}</button>
    </div>
  `;
}

function staleLine({ send }: PageContext): TemplateResult {
  return html`
    <div class="notice stale">
      <span class="codicon codicon-history" aria-hidden="true"></span>
      <span class="grow">The text has changed since it was scored.</span>
      <button class="link" @click=${() => send({ type: 'scoreAgain' })}>Score again</button>
    </div>
  `;
}

function starterLine({ snapshot, ui, send, change }: PageContext): View {
  if (!snapshot.offersGpt2 || ui.starterNoticeClosed) return nothing;
  return starterNotice({
    rougher: 'figures',
    getGpt2: () => send({ type: 'runCommand', command: 'lmLab.downloadModel' }),
    close: () => change({ starterNoticeClosed: true }),
  });
}
