import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { PanelText } from '../../src/protocol/panels/tokenProbabilities.ts';
import { modelLabel, type PageContext } from './context.ts';
import { legend } from './legend.ts';
import { notices } from './notices.ts';
import { ranks } from './ranks.ts';
import { rowsOf } from './rows.ts';
import { emptyState, failedState, loadingState } from './states.ts';
import './surprisalStrip.ts';
import { summary } from './summary.ts';
import './textList.ts';
import './tokenHeat.ts';
import './tokenTable.ts';
import { toolbar } from './toolbar.ts';

/** The whole page, as the last snapshot has it. */
export function page(context: PageContext): TemplateResult {
  const { texts, selected } = context.snapshot;
  const text = texts[selected];
  return html`
    <div class="page">
      ${toolbar(context)} ${notices(context)} ${text ? results(text, context) : withoutResults(context)}
    </div>
  `;
}

function withoutResults(context: PageContext): TemplateResult | typeof nothing {
  const { state } = context.snapshot;
  switch (state.kind) {
    case 'loading':
      return loadingState(state.progress, context);
    case 'failed':
      return failedState(state.error, context);
    default:
      return emptyState(context);
  }
}

function results(text: PanelText, context: PageContext): TemplateResult {
  const { snapshot, ui, send, change } = context;
  const { texts, selected, document, comparedModel } = snapshot;
  const rows = rowsOf(text);
  const focused = ui.focus?.text === selected ? ui.focus.token : null;
  const secondModel = comparedModel !== null && text.compared ? modelLabel(snapshot, comparedModel) : null;
  const place = (token: number): { text: number; token: number } => ({ text: selected, token });
  const onFocus = (token: number): void => change({ focus: place(token) });
  const onReveal = (token: number): void => send({ type: 'reveal', place: place(token) });
  const replaceable = snapshot.state.kind === 'ready' && !snapshot.stale;
  const onReplace = replaceable
    ? (token: number, replacement: string): void => send({ type: 'replace', place: place(token), with: replacement })
    : null;
  const charts = (): TemplateResult => html`
    <div class="charts">
      <lm-surprisal-strip
        .rows=${rows}
        .hiddenSteps=${ui.hiddenSteps}
        .focused=${focused}
        .secondModel=${secondModel}
        .onFocus=${onFocus}
        .onReveal=${onReveal}
      ></lm-surprisal-strip>
      ${guard([rows], () => ranks(rows))}
    </div>
  `;
  return html`
    ${
      texts.length > 1
        ? html`<lm-text-list
            .texts=${texts}
            .selected=${selected}
            .document=${document?.name ?? ''}
            .comparing=${comparedModel !== null}
            .onSelect=${(index: number) => send({ type: 'selectText', text: index })}
          ></lm-text-list>`
        : nothing
    }
    <div class="overview">${summary(text, context)} ${legend(context)}</div>
    <div class="body">
      <div class="reading">
        <lm-token-heat
          .rows=${rows}
          .hiddenSteps=${ui.hiddenSteps}
          .underline=${ui.underline}
          .focused=${focused}
          .secondModel=${secondModel}
          .onFocus=${onFocus}
          .onReveal=${onReveal}
          .onReplace=${onReplace}
        ></lm-token-heat>
        ${text.scored.scoredTokens > 0 ? charts() : nothing}
      </div>
      <lm-token-table
        .rows=${rows}
        .sort=${ui.sort}
        .hiddenSteps=${ui.hiddenSteps}
        .focused=${focused}
        .comparing=${secondModel !== null}
        .onSort=${(sort: typeof ui.sort) => change({ sort })}
        .onFocus=${onFocus}
        .onReveal=${onReveal}
        .onReplace=${onReplace}
      ></lm-token-table>
    </div>
  `;
}
