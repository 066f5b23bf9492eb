import { html, nothing, type TemplateResult } from 'lit';
import type { ExportDatasetRequest, OpenedDataset } from '../../src/protocol/dataset.ts';
import { counted } from '../shared/format.ts';
import '../shared/menu.ts';
import type { MenuItem } from '../shared/menu.ts';
import { action } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';

const SEPARATORS: Readonly<Record<string, string>> = {
  '\t': 'tab-separated',
  ',': 'comma-separated',
  ';': 'semicolon-separated',
  '|': 'separated by |',
  ' ': 'separated by spaces',
};

/** Which file it is, what it is like, and what can be done with it. */
export function toolbar({ snapshot, send }: PageContext): TemplateResult {
  const { name, opened, description } = snapshot;
  const usable = (opened.value?.rows ?? 0) > 0 && !description.error;
  return html`
    <header class="toolbar">
      <div class="about">
        <button class="link file" title="Open the file in an editor" @click=${() => send({ type: 'openFile' })}>
          ${name.split(/[\\/]/).at(-1)}
        </button>
        ${opened.value ? html`<span class="quiet steady facts">${factsOf(opened.value)}</span>` : nothing}
      </div>
      <div class="actions" role="toolbar" aria-label="Dataset">
        <vscode-button class="primary" ?disabled=${!usable} title="Fine-tune a model on these rows" @click=${() => send({ type: 'fineTune' })}>
          Fine-tune…
        </vscode-button>
        <vscode-button appearance="secondary" ?disabled=${!usable} title="Evaluate a model on these rows" @click=${() => send({ type: 'evaluate' })}>
          Evaluate…
        </vscode-button>
        ${action('checklist', 'Annotate…', 'Judge the responses of models to these prompts', !usable, () => send({ type: 'annotate' }))}
        <lm-menu .icon=${'export'} .text=${'Export'} .label=${'Export the prepared parts'} .disabled=${!usable} .items=${exports(send)}></lm-menu>
        ${action('cloud-download', 'Get Dataset…', 'Get Dataset… from the hub or an address', false, () => send({ type: 'runCommand', command: 'lmLab.getDataset' }))}
        ${action('refresh', '', 'Read the file again', opened.progress !== null, () => send({ type: 'readAgain' }))}
      </div>
    </header>
  `;
}

/** `5,574 rows · tab-separated · no header · utf-8`. */
function factsOf({ rows, format, separator, header, encoding }: OpenedDataset): string {
  const table = format === 'csv' || format === 'tsv';
  return [
    counted(rows, 'row'),
    separator ? (SEPARATORS[separator] ?? `separated by ${separator}`) : format.toUpperCase(),
    table && (header ? 'header' : 'no header'),
    format !== 'parquet' && encoding,
  ]
    .filter(Boolean)
    .join(' · ');
}

function exports(send: PageContext['send']): MenuItem[] {
  const formats: ReadonlyArray<[ExportDatasetRequest['format'], string]> = [
    ['jsonl', 'an object a line'],
    ['json', 'a list of objects'],
    ['csv', 'commas and quotes'],
    ['tsv', 'tabs, a line is a row'],
  ];
  return formats.map(([format, hint]) => ({
    label: format.toUpperCase(),
    hint,
    icon: 'blank',
    run: () => send({ type: 'export', format }),
  }));
}
