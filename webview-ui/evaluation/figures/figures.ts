import { html, type TemplateResult } from 'lit';
import type { PageContext } from '../context.ts';
import { classification, classificationSoFar } from './classification.ts';
import { compared } from './compared.ts';
import { generated } from './generated.ts';
import { judged } from './judged.ts';
import { probed } from './probed.ts';

/** What the rows add up to, as the task has it. */
export function figures(context: PageContext): TemplateResult {
  const { result, request } = context.evaluation;
  const { confusion, judged: scored } = context.snapshot.soFar;
  switch (result?.task) {
    case 'prompt':
    case 'classifier':
      return classification(result, context);
    case 'generate':
      return generated(result);
    case 'judge':
      return judged(result.columns, context);
    case 'compare':
      return compared(result, context);
    case 'probe':
      return probed(result, context);
    default:
      if (confusion && confusion.labels.length > 0) return classificationSoFar(confusion, context);
      if (scored.length > 0) return judged(scored, context);
      return html`<p class="quiet">The figures of ${request?.task === 'probe' ? 'the texts' : 'this task'} come when all rows are done.</p>`;
  }
}
