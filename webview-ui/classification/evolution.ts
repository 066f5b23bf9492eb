import { html, nothing, svg, type TemplateResult } from 'lit';
import type { ClassifiedText } from '../../src/protocol/panels/classification.ts';
import { visibleText } from '../../src/protocol/heat.ts';
import { percent } from '../shared/format.ts';
import { styles } from '../shared/styles.ts';
import { labelClass, type PageContext } from './context.ts';

/** In units of the drawing, which is stretched to the panel's width. */
const [WIDTH, HEIGHT] = [1000, 100];
/** Lines that are drawn: those of the labels that come out likeliest. */
const DRAWN = 6;

/** The probabilities at the end, or after the token that is pointed at. */
export function probabilities(text: ClassifiedText, { snapshot, pointed }: PageContext): TemplateResult {
  const token = pointed === null ? undefined : text.evolution?.[pointed];
  const now = token?.probabilities ?? text.probabilities;
  const rows = snapshot.labels
    .map((label, at) => ({ label, at, probability: now[at] ?? 0 }))
    .sort((a, b) => (text.probabilities[b.at] ?? 0) - (text.probabilities[a.at] ?? 0));
  const when = token ? html`after <code>${visibleText(token.text)}</code>` : 'after the whole text';
  return html`
    <section class="probabilities">
      <h3>${when}${text.cutTokens > 0 ? html` · <span class="cut">${text.cutTokens} tokens beyond the context were not read</span>` : nothing}</h3>
      ${rows.map(
        ({ label, at, probability }) => html`
          <div class="row ${labelClass(at)}">
            <span class="name" title=${label}>${label}</span>
            <span class="number">${percent(probability)}</span>
            <span class="bar" aria-hidden="true"><span ${styles({ width: `${probability * 100}%` })}></span></span>
          </div>
        `,
      )}
    </section>
  `;
}

/** The probability of each label after each token: lines that are told apart by dash as well as colour. */
export function evolutionChart(text: ClassifiedText, context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, pointed, point } = context;
  const { evolution = [] } = text;
  if (evolution.length < 2) return nothing;
  const x = (token: number): number => ((token + 0.5) / evolution.length) * WIDTH;
  const y = (probability: number): number => (1 - probability) * HEIGHT;
  const drawn = snapshot.labels
    .map((label, at) => ({ label, at }))
    .sort((a, b) => (text.probabilities[b.at] ?? 0) - (text.probabilities[a.at] ?? 0))
    .slice(0, DRAWN);
  const line = (at: number): string =>
    evolution
      .map(({ probabilities }, token) => `${x(token).toFixed(1)},${y(probabilities[at] ?? 0).toFixed(1)}`)
      .join(' ');
  const tokenAt = (event: MouseEvent): number => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    return Math.min(evolution.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * evolution.length)));
  };
  return html`
    <section class="evolution">
      <h3>As it reads on</h3>
      <div class="plot">
        <div class="axis number quiet" aria-hidden="true"><span>100 %</span><span>50</span><span>0</span></div>
        <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
          aria-label="Probability of each label after each token"
          @mousemove=${(event: MouseEvent) => point(tokenAt(event))} @mouseleave=${() => point(null)}>
          ${[0, 0.5, 1].map(share => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${y(share)} y2=${y(share)}></line>`)}
          ${pointed === null ? nothing : svg`<line class="pointer" x1=${x(pointed)} x2=${x(pointed)} y1="0" y2=${HEIGHT}></line>`}
          ${drawn.map(({ at }) => svg`<polyline class=${labelClass(at)} points=${line(at)}></polyline>`)}
        </svg>
      </div>
      <p class="keys">${drawn.map(({ label, at }) => html`<span class="key ${labelClass(at)}"><svg viewBox="0 0 24 6" aria-hidden="true"><line x1="0" x2="24" y1="3" y2="3"></line></svg>${label}</span>`)}</p>
    </section>
  `;
}

/** The text, each token on the colour of the label that leads after it: the surer, the stronger. */
export function evolvingText(text: ClassifiedText, context: PageContext): TemplateResult | typeof nothing {
  const { snapshot, pointed, point, send } = context;
  const { evolution = [] } = text;
  if (evolution.length === 0) return nothing;
  const reveal = (token: number): void => send({ type: 'reveal', text: snapshot.selected, token });
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const from = pointed ?? (step === 1 ? -1 : evolution.length);
    if (event.key === 'Escape') point(null);
    if (event.key === 'Enter' && pointed !== null) reveal(pointed);
    if (step === undefined || !evolution[from + step]) return;
    event.preventDefault();
    point(from + step);
  };
  return html`
    <section>
      <h3>Token by token</h3>
      <p class="tokens token-text" role="group" tabindex="0" aria-label="Tokens; arrow keys go through them" @keydown=${onKey} @mouseleave=${() => point(null)}>${evolution.map(
        ({ text: token, probabilities }, at) => {
          const probability = Math.max(...probabilities);
          const leader = probabilities.indexOf(probability);
          const chance = 1 / probabilities.length;
          const strength = Math.max(0, (probability - chance) / (1 - chance));
          const said = `${snapshot.labels[leader] ?? ''} ${percent(probability)} after this token`;
          return html`<span class="token ${labelClass(leader)} ${at === pointed ? 'pointed' : ''}" title=${said} ${styles({ '--strength': `${Math.round(strength * 55)}%` })} @mousemove=${() => point(at)} @click=${() => reveal(at)}>${token}</span>`;
        },
      )}</p>
      <p class="quiet">Each token stands on the colour of the label that leads after it.</p>
    </section>
  `;
}
