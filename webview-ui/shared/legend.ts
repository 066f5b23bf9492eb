import { html, nothing, type TemplateResult } from 'lit';
import { HEAT_STEPS_BITS } from '../../src/protocol/heat.ts';
import { type HeatLook, stepRange, toggledStep } from './steps.ts';

/** The heat scale. A step is hidden and shown by choosing it, and singled out with Shift. */
export function legend(
  { hiddenSteps, underline }: HeatLook,
  change: (look: Partial<HeatLook>) => void,
): TemplateResult {
  const choose = (step: number) => (event: MouseEvent) =>
    change({ hiddenSteps: toggledStep(hiddenSteps, step, event.shiftKey) });
  return html`
    <div class="legend" role="group" aria-label="Heat by surprisal in bits">
      ${[0, ...HEAT_STEPS_BITS].map((from, step) => {
        const shown = !hiddenSteps.includes(step);
        const label = `${stepRange(step)}: ${shown ? 'choose to hide' : 'choose to show'}, with Shift to see only these`;
        return html`
          <button class="step heat-${step} ${underline ? 'underline' : ''}" aria-pressed=${shown} title=${label}
            aria-label=${stepRange(step)} @click=${choose(step)}>${step === 0 ? '<1' : from}</button>
        `;
      })}
      <span class="unit">bits</span>
      ${
        hiddenSteps.length > 0
          ? html`<button class="icon" title="Show all steps" aria-label="Show all steps" @click=${() => change({ hiddenSteps: [] })}>
              <span class="codicon codicon-clear-all" aria-hidden="true"></span>
            </button>`
          : nothing
      }
      <button
        class="icon toggle"
        aria-pressed=${underline}
        title="Show the heat as underlines of rising weight too"
        aria-label="Underline by surprisal"
        @click=${() => change({ underline: !underline })}
      >
        <span class="codicon codicon-whole-word" aria-hidden="true"></span>
      </button>
    </div>
  `;
}
