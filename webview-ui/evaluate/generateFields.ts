import { html, type TemplateResult } from 'lit';
import { settingsOf, type SettingsForm } from '../../src/protocol/decodingOptions.ts';
import type { GenerateTask } from '../../src/protocol/evaluation/request.ts';
import { settingsForm } from '../shared/settingsForm.ts';
import { valueAt } from '../../src/protocol/fields/check.ts';
import type { PageContext } from './context.ts';
import { textRow } from './row.ts';

/** How responses are written; `path` is where the request has that. */
export function generateFields(path: 'generate' | 'compare.generate', context: PageContext): TemplateResult {
  const { decoding } = valueAt(context.spec, path) as GenerateTask;
  return html`
    ${textRow(
      `${path}.template`,
      {
        title: 'Template',
        meaning:
          'alpaca, question-answer, phi-3, none, or Jinja for the prompt. Empty: alpaca where there is an instruction, else the prompt as it is.',
      },
      context,
      'alpaca or none',
    )}
    <div class="decoding">
      ${settingsForm({
        settings: decoding as SettingsForm,
        name: 'responses',
        onChange: settings => context.set(`${path}.decoding`, settingsOf(settings)),
        without: ['count', 'returned', 'bias', 'ban'],
      })}
    </div>
  `;
}
