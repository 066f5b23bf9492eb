import { html, type TemplateResult } from 'lit';
import type { ResponsesResult } from '../../../src/protocol/evaluation/folder.ts';
import { shortName } from '../about.ts';
import { statisticsTable } from './statistics.ts';

/** What the responses are like as texts. */
export const generated = ({ models }: ResponsesResult): TemplateResult => html`
  <div class="figure-row">
    <section class="wide" aria-label="Responses">
      ${statisticsTable(
        'The responses as texts',
        models.map(({ model, texts }) => ({ name: shortName(model), texts })),
      )}
    </section>
  </div>
`;
