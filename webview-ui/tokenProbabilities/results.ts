import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { PanelText, TokenPlace } from '../../src/protocol/panels/tokenProbabilities.ts';
import type { Sort } from '../shared/gridColumns.ts';
import { tokenColumns } from './columns.ts';
import { modelLabel, type PageContext } from './context.ts';
import { legend } from '../shared/legend.ts';
import { ranks } from './ranks.ts';
import { rowsOf, type TokenRow } from './rows.ts';
import { summary } from './summary.ts';
import './surprisalStrip.ts';
import './textList.ts';
import './tokenHeat.ts';
import '../shared/tokenTable.ts';

/** The text that is laid open, and what choosing one of its tokens does. */
interface OpenText {
  readonly rows: readonly TokenRow[];
  readonly focused: number | null;
  readonly secondModel: string | null;
  readonly onFocus: (token: number) => void;
  readonly onReveal: (token: number) => void;
  /** Null while something else is under way. The host refuses it where the document has changed under the token. */
  readonly onReplace: ((token: number, text: string) => void) | null;
}

/** The ranked texts where there are several, and the one that is laid open: figures, heat, charts, table. */
export function results(text: PanelText, context: PageContext): TemplateResult {
  const open = openText(text, context);
  return html`
    ${context.snapshot.texts.length > 1 ? textList(context) : nothing}
    <div class="overview">${summary(text, context)} ${legend(context.ui, context.change)}</div>
    <div class="body">
      <div class="reading">${heat(open, context)} ${text.scored.scoredTokens > 0 ? charts(open, context) : nothing}</div>
      ${table(open, context)}
    </div>
  `;
}

function openText(text: PanelText, { snapshot, ui, send, change }: PageContext): OpenText {
  const { selected, comparedModel, state } = snapshot;
  const place = (token: number): TokenPlace => ({ text: selected, token });
  return {
    rows: rowsOf(text),
    focused: ui.focus?.text === selected ? ui.focus.token : null,
    secondModel: comparedModel !== null && text.compared ? modelLabel(snapshot, comparedModel) : null,
    onFocus: token => change({ focus: place(token) }),
    onReveal: token => send({ type: 'reveal', place: place(token) }),
    onReplace:
      state.kind === 'ready'
        ? (token, replacement) => send({ type: 'replace', place: place(token), with: replacement })
        : null,
  };
}

function textList({ snapshot, send }: PageContext): TemplateResult {
  const { texts, selected, document, comparedModel } = snapshot;
  return html`
    <lm-text-list
      .texts=${texts}
      .selected=${selected}
      .document=${document?.name ?? ''}
      .comparing=${comparedModel !== null}
      .onSelect=${(text: number) => send({ type: 'selectText', text })}
    ></lm-text-list>
  `;
}

function heat(open: OpenText, { ui }: PageContext): TemplateResult {
  return html`
    <lm-token-heat
      .rows=${open.rows}
      .hiddenSteps=${ui.hiddenSteps}
      .underline=${ui.underline}
      .focused=${open.focused}
      .secondModel=${open.secondModel}
      .onFocus=${open.onFocus}
      .onReveal=${open.onReveal}
      .onReplace=${open.onReplace}
    ></lm-token-heat>
  `;
}

function charts(open: OpenText, { ui }: PageContext): TemplateResult {
  return html`
    <div class="charts">
      <lm-surprisal-strip
        .rows=${open.rows}
        .hiddenSteps=${ui.hiddenSteps}
        .focused=${open.focused}
        .secondModel=${open.secondModel}
        .onFocus=${open.onFocus}
        .onReveal=${open.onReveal}
      ></lm-surprisal-strip>
      ${guard([open.rows], () => ranks(open.rows))}
    </div>
  `;
}

function table(open: OpenText, { ui, change }: PageContext): TemplateResult {
  return html`
    <lm-token-table
      .rows=${open.rows}
      .sort=${ui.sort}
      .hiddenSteps=${ui.hiddenSteps}
      .focused=${open.focused}
      .columns=${tokenColumns(open.rows.length, open.secondModel !== null, open.onReplace)}
      .onSort=${(sort: Sort) => change({ sort })}
      .onFocus=${open.onFocus}
      .onReveal=${open.onReveal}
    ></lm-token-table>
  `;
}
