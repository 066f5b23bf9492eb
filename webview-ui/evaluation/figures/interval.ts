import { html, type TemplateResult } from 'lit';
import type { Estimate } from '../../../src/protocol/evaluation/folder.ts';
import { count, percent } from '../../shared/format.ts';
import { styles } from '../../shared/styles.ts';

type Write = (value: number) => string;

/** `63.1 %  59.8 % – 66.2 %`, and where that lies between 0 and `most`. */
export function interval(estimate: Estimate, write: Write = percent, most = 1): TemplateResult {
  const at = (value: number): string => `${Math.max(0, Math.min(100, (100 * value) / most))}%`;
  return html`
    <span class="interval" title=${`95 % interval: ${write(estimate.low)} to ${write(estimate.high)}, of ${count(estimate.count)}`}>
      <b class="steady">${write(estimate.value)}</b>
      <span class="quiet steady">${write(estimate.low)} – ${write(estimate.high)}</span>
      <span class="whisker" aria-hidden="true" ${styles({ '--low': at(estimate.low), '--high': at(estimate.high), '--value': at(estimate.value) })}></span>
    </span>
  `;
}
