import { html, nothing, type TemplateResult } from 'lit';
import { keep, pick, score } from './actions.ts';
import type { Judging, PageContext } from './context.ts';
import { isComplete } from './marks.ts';

/** A prompt, and its responses side by side. Which model wrote which is not told. */
export function judgingView(context: PageContext): TemplateResult | typeof nothing {
  const { judging } = context;
  if (!judging) return nothing;
  return html`
    <main class="judging">
      <section class="asked" aria-label="Prompt">
        <h3>Prompt</h3>
        <p class="written" tabindex="0">${judging.item.prompt}</p>
      </section>
      <div class="responses" role="group" aria-label="Responses">
        ${judging.item.responses.map((text, at) => response(text, at, judging, context))}
      </div>
      ${foot(judging, context)}
    </main>
  `;
}

function response(text: string, at: number, judging: Judging, context: PageContext): TemplateResult {
  const { snapshot, change } = context;
  const mark = judging.marks[at] ?? null;
  const chosen = at === judging.at;
  return html`
    <article
      class="response ${mark === null ? '' : 'marked'} ${chosen ? 'at' : ''}"
      tabindex=${chosen ? 0 : -1}
      data-at=${at}
      aria-label=${`Response ${at + 1}${mark === null ? '' : snapshot.settings.judgement === 'rank' ? `, rank ${mark}` : `, score ${mark}`}`}
      @focusin=${() => !chosen && change({ at })}
    >
      <header>${snapshot.settings.judgement === 'rank' ? rankHead(at, mark, context) : scoreHead(at, mark, context)}</header>
      <p class="written">${text.trim() === '' ? html`<span class="quiet">(empty)</span>` : text.trim()}</p>
    </article>
  `;
}

function rankHead(at: number, rank: number | null, context: PageContext): TemplateResult {
  const two = context.snapshot.settings.responses === 2;
  return html`
    <button class="pick" aria-pressed=${rank !== null} title=${two ? `Response ${at + 1} is better (key ${at + 1})` : `The next best (key ${at + 1})`} @click=${() => pick(context, at)}>
      <kbd>${at + 1}</kbd> ${two ? 'is better' : rank === null ? 'is next best' : ''}
    </button>
    ${rank === null ? nothing : html`<span class="rank">${ordinal(rank)}</span>`}
  `;
}

function scoreHead(at: number, given: number | null, context: PageContext): TemplateResult {
  const { highest } = context.snapshot.settings;
  return html`
    <span class="quiet">Response ${at + 1}</span>
    <span class="scores" role="radiogroup" aria-label=${`Score of response ${at + 1}`}>
      ${Array.from({ length: highest }, (_, index) => index + 1).map(
        value => html`
          <button role="radio" class="score" aria-checked=${value === given} title=${`Score ${value} of ${highest}`} @click=${() => score(context, at, value)}>${value}</button>
        `,
      )}
    </span>
  `;
}

const ORDINALS = ['best', '2nd', '3rd'];
const ordinal = (rank: number): string => ORDINALS[rank - 1] ?? `${rank}th`;

function foot({ marks }: Judging, context: PageContext): TemplateResult {
  const { judgement, highest } = context.snapshot.settings;
  const key = (name: string, does: string): TemplateResult => html`<span><kbd>${name}</kbd> ${does}</span>`;
  return html`
    <footer class="keys-line">
      ${
        judgement === 'score'
          ? html`
              <vscode-button ?disabled=${!isComplete(marks)} @click=${() => keep(context)}>Keep scores</vscode-button>
              ${key(`1–${highest}`, 'score')} ${key('Enter', 'keep')}
            `
          : key(`1–${marks.length}`, marks.length === 2 ? 'the better one' : 'best, next best, …')
      }
      ${key('← →', 'move')} ${key('S', 'skip')} ${key('U', 'undo')} ${key('Esc', 'pause')}
    </footer>
  `;
}
