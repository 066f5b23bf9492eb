import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { JudgeTask, RuleCheck } from '../../src/protocol/evaluation/request.ts';
import { action } from '../shared/toolbar.ts';
import { idOf } from '../shared/settingRow.ts';
import type { PageContext } from './context.ts';
import { generateFields } from './generateFields.ts';
import { judgeFields } from './judgeFields.ts';
import { choiceRow, formRow } from './row.ts';

/** What is compared, by what it is measured, and how responses are written. */
export function compareFields(context: PageContext): TemplateResult {
  const { spec, snapshot, set } = context;
  const responses = spec.compare?.of !== 'texts';
  const judge = spec.compare?.judge ?? null;
  const first: Pick<JudgeTask, 'judge'> = { judge: { kind: 'ollama', model: 'llama3' } };
  const rewards = snapshot.models.filter(({ classifies }) => classifies).map(({ id, label }) => [id, label] as const);
  return html`
    ${choiceRow(
      'compare.of',
      {
        title: 'Compared',
        meaning:
          'What each model answers to a prompt; or how likely each finds the rows’ texts: perplexity, and of a model in several precisions how far its predictions are from those in f32.',
      },
      [
        ['responses', 'responses'],
        ['texts', 'texts'],
      ],
      context,
    )}
    ${
      responses
        ? html`
            ${checksRow(context)}
            ${choiceRow('compare.rewardModel', { title: 'Reward model', meaning: 'Scores each response, where one was trained.' }, [[null, 'none'], ...rewards], context)}
            ${formRow(
              'compare.judge',
              { title: 'Judge', meaning: 'Another model scores each response from 0 to 100.' },
              html`<input type="checkbox" id=${idOf('compare.judge')} .checked=${live(judge !== null)} @change=${() => set('compare.judge', judge ? undefined : first)} />`,
              context,
            )}
            ${judge ? judgeFields('compare.judge', context) : nothing} ${generateFields('compare.generate', context)}
          `
        : nothing
    }
  `;
}

const KINDS = ['startsWith', 'contains', 'regex'] as const;
const KIND_TITLES = { startsWith: 'starts with', contains: 'contains', regex: 'matches' } as const;

function checksRow(context: PageContext): TemplateResult {
  const { spec, problems, set } = context;
  const checks = spec.compare?.checks ?? [];
  const write = (next: readonly RuleCheck[]): void => set('compare.checks', next.length === 0 ? undefined : next);
  const control = html`
    <div class="lines" id=${idOf('compare.checks')}>
      ${checks.map((check, i) => {
        const [[kind = 'contains', text = ''] = []] = Object.entries(check);
        const put = (kind: string, text: string): void =>
          write(checks.map((one, j) => (j === i ? ({ [kind]: text } as unknown as RuleCheck) : one)));
        const wrong = problems.get(`compare.checks.${i}`)?.reason;
        return html`
          <div class="line" data-path=${`compare.checks.${i}`}>
            <select aria-label="Kind of check" @change=${(event: Event) => put(KINDS[(event.target as HTMLSelectElement).selectedIndex] ?? 'contains', text)}>
              ${KINDS.map(one => html`<option .selected=${live(one === kind)}>${KIND_TITLES[one]}</option>`)}
            </select>
            <input type="text" class="long" aria-label="What it looks for" aria-invalid=${String(wrong !== undefined)} spellcheck="false" .value=${live(text)}
              @input=${(event: Event) => put(kind, (event.target as HTMLInputElement).value)} />
            ${action('close', '', 'Remove this check', false, () => write(checks.filter((_, j) => j !== i)))}
          </div>
          ${wrong ? html`<p class="setting-problem" role="alert">${wrong.message} ${wrong.remedy}</p>` : nothing}
        `;
      })}
      <button class="link" @click=${() => write([...checks, { contains: '' }])}>+ check</button>
    </div>
  `;
  return formRow(
    'compare.checks',
    { title: 'Rule checks', meaning: 'Each response passes or not; the share that passes is told for each model.' },
    control,
    context,
  );
}
