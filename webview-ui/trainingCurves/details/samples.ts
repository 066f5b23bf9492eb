import { html, nothing, type TemplateResult } from 'lit';
import type { SampleLine } from '../../../src/protocol/run/folder.ts';
import { count } from '../../shared/format.ts';
import { sharedStart } from '../../shared/sharedStart.ts';
import { action, chooser } from '../../shared/toolbar.ts';
import { visibleText } from '../../../src/protocol/heat.ts';
import type { PageContext } from '../context.ts';
import { valueText } from '../plots/values.ts';

/** What one run wrote for a prompt. */
interface Written {
  readonly title: string;
  readonly sample: SampleLine | undefined;
}

/** What the model wrote at an evaluation, beside the reference: at the chosen step, or the last one before it. */
export function samples(context: PageContext): TemplateResult {
  const { runs, store, ui } = context;
  const steps = [...new Set(runs.flatMap(({ folder }) => store.samples(folder).map(({ step }) => step)))].sort(
    (a, b) => a - b,
  );
  const step = steps.findLast(one => one <= (ui.step ?? Number.POSITIVE_INFINITY)) ?? steps[0] ?? 0;
  const atStep = runs.map(({ folder, title }) => ({ title, lines: linesAt(store.samples(folder), step) }));
  const prompts = [...new Set(atStep.flatMap(({ lines }) => lines.map(({ prompt }) => prompt)))];
  const shared = sharedStart(prompts);
  return html`
    ${stepChooser(steps, step, context)}
    <ol class="samples">
      ${prompts.map(prompt =>
        sampleView(
          prompt,
          shared,
          atStep.map(({ title, lines }) => ({ title, sample: lines.find(line => line.prompt === prompt) })),
        ),
      )}
    </ol>
  `;
}

/** Those of the last evaluation that is not after a step. */
function linesAt(lines: readonly SampleLine[], step: number): readonly SampleLine[] {
  const last = lines.findLast(line => line.step <= step)?.step;
  return lines.filter(line => line.step === last);
}

function stepChooser(steps: readonly number[], step: number, { change }: PageContext): TemplateResult {
  const at = steps.indexOf(step);
  const go = (to: number): void => change({ step: steps[to] ?? step });
  const options = steps.map(one => ({ id: String(one), label: one === 0 ? 'before training' : `step ${count(one)}` }));
  return html`
    <div class="sample-steps">
      ${action('chevron-left', '', 'Evaluation before', at <= 0, () => go(at - 1))}
      ${chooser('Evaluation', options, String(step), false, id => change({ step: Number(id) }))}
      ${action('chevron-right', '', 'Evaluation after', at >= steps.length - 1, () => go(at + 1))}
    </div>
  `;
}

function sampleView(prompt: string, shared: number, written: readonly Written[]): TemplateResult {
  const reference = written.find(({ sample }) => sample?.reference !== undefined)?.sample?.reference;
  const several = written.length > 1;
  return html`
    <li class="sample">
      <div class="sample-prompt" tabindex="0" role="group" aria-label="Prompt" title=${shared > 0 ? prompt : 'Prompt'}>${
        shared > 0 ? html`<span aria-hidden="true">… </span>` : nothing
      }${prompt
        .slice(shared)
        .replace(/\n{2,}/g, '\n')
        .trimEnd()}</div>
      <div class="sample-texts">
        ${written.map(({ title, sample }) => textBox(several ? title : 'model', sample?.completion, sample?.score))}
        ${reference === undefined ? nothing : textBox('reference', reference)}
      </div>
    </li>
  `;
}

function textBox(name: string, text: string | undefined, score?: number): TemplateResult {
  return html`
    <div class="sample-text ${name === 'reference' ? 'reference' : ''}">
      <span class="sample-name quiet">${name}${score === undefined ? '' : ` · score ${valueText(score, false)}`}</span>
      ${
        text === undefined
          ? html`<span class="quiet">no sample at this step</span>`
          : text.trim() === ''
            ? html`<span class="quiet">${text === '' ? 'nothing' : visibleText(text)}</span>`
            : html`<span class="written">${text}</span>`
      }
    </div>
  `;
}
