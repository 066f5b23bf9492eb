import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DatasetProblem } from '../../src/protocol/dataset.ts';
import { count, counted } from '../shared/format.ts';
import { LightElement } from '../shared/lightElement.ts';
import { styles } from '../shared/styles.ts';
import { VirtualList } from '../shared/virtualList.ts';

const ROW_PIXELS = 22;

/** A list of problems; Enter or a click goes to the row. */
@customElement('lm-problem-list')
export class ProblemList extends LightElement {
  @property({ attribute: false }) problems: readonly DatasetProblem[] = [];
  /** Problems that are not in the list. */
  @property({ attribute: false }) more = 0;
  @property({ attribute: false }) onChoose: (row: number, line: number | undefined) => void = () => {};
  @state() private at = 0;

  readonly #list = new VirtualList(this, {
    scroller: () => this.querySelector('.problem-rows'),
    height: () => ROW_PIXELS,
    overscan: 6,
  });

  protected override render(): TemplateResult {
    const items = this.#list.items(this.problems.length);
    return html`
      <div class="problem-rows" role="listbox" tabindex="0" aria-label="Problems" aria-activedescendant=${`problem-${this.at}`} @keydown=${this.#onKey}>
        <div class="problem-rows-all" ${styles({ height: `${this.#list.totalHeight}px` })}>
          ${repeat(
            items,
            ({ key }) => key,
            ({ index, start }) => this.#row(index, start),
          )}
        </div>
      </div>
      ${this.more > 0 ? html`<p class="quiet">${counted(this.more, 'further problem')}</p>` : nothing}
    `;
  }

  #row(index: number, start: number): TemplateResult | typeof nothing {
    const problem = this.problems[index];
    if (!problem) return nothing;
    const { row, line, message } = problem;
    return html`
      <div
        id=${`problem-${index}`}
        class="problem-row ${index === this.at ? 'selected' : ''}"
        role="option"
        aria-selected=${index === this.at}
        aria-setsize=${this.problems.length}
        aria-posinset=${index + 1}
        title=${message}
        ${styles({ transform: `translateY(${start}px)` })}
        @click=${() => this.#choose(index)}
      >
        <span class="number quiet">row ${count(row + 1)}</span>
        <span class="number quiet">${line === undefined ? '' : `line ${count(line)}`}</span>
        <span class="problem-message">${message}</span>
      </div>
    `;
  }

  #choose(index: number): void {
    this.at = index;
    const problem = this.problems[index];
    if (problem) this.onChoose(problem.row, problem.line);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const last = this.problems.length - 1;
    const targets: Record<string, number> = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: last };
    const target = targets[event.key];
    if (target !== undefined) {
      this.at = Math.min(last, Math.max(0, target));
      this.#list.scrollTo(this.at);
    } else if (event.key === 'Enter' || event.key === ' ') this.#choose(this.at);
    else return;
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lm-problem-list': ProblemList;
  }
}
