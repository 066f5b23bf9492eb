import { html, type TemplateResult } from 'lit';
import type { Progress } from '../../src/protocol/engine.ts';
import { styles } from './styles.ts';

/** A line that fills, or wanders while it is not known how much there is to do. */
export function progressBar({ message, done, total }: Progress): TemplateResult {
  const share = total ? Math.min(1, done / total) : null;
  return html`
    <div
      class="progress ${share === null ? 'unknown' : ''}"
      role="progressbar"
      aria-label=${message}
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow=${share === null ? '' : Math.round(share * 100)}
    >
      <div ${styles(share === null ? {} : { width: `${share * 100}%` })}></div>
    </div>
  `;
}
