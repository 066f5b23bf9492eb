import { html, nothing, type TemplateResult } from 'lit';
import type { LaidOpenBatch } from '../../src/protocol/dataset.ts';
import { count, percent } from '../shared/format.ts';
import { action } from '../shared/toolbar.ts';
import { batchCounts } from './batchCells.ts';
import './batchGrid.ts';
import { goToRow, methodOf, type PageContext, scoresTokens } from './context.ts';
import { trainingOf, withTraining } from './edits.ts';
import { numberField, selectField } from './fields.ts';

/** A batch of the first epoch, laid open: which rows, padded to what, and what is predicted where. */
export function batchDetail(context: PageContext): TemplateResult {
  const { batch } = context.snapshot;
  return html`
    ${stepping(context)}
    ${
      batch.error
        ? html`<p role="alert"><span class="codicon codicon-error" aria-hidden="true"></span>
            ${batch.error.message} <span class="quiet">${batch.error.remedy}</span></p>`
        : batch.value
          ? laidOpen(batch.value, context)
          : html`<p class="quiet">${batch.progress?.message ?? ''}</p>`
    }
  `;
}

function stepping({ snapshot, send, edit, look }: PageContext): TemplateResult {
  const { batch, chosenBatch, request, view } = snapshot;
  const { batchSize, padding } = trainingOf(request);
  const batches = batch.value?.batches ?? 0;
  const to = (number: number): void => send({ type: 'chooseBatch', batch: number });
  const fixed = typeof padding === 'number';
  return html`
    <div class="fields batch-fields">
      <span class="stepping">
        ${action('chevron-left', '', 'Batch before', chosenBatch === 0, () => to(chosenBatch - 1))}
        ${numberField(
          { title: 'Batch', meaning: 'Which batch of the first epoch.', untitled: true },
          chosenBatch + 1,
          { min: 1, ...(batches > 0 && { max: batches }), digits: 4 },
          number => number !== null && to(number - 1),
        )}
        <span class="quiet steady">of ${batches > 0 ? count(batches) : '…'}</span>
        ${action('chevron-right', '', 'Next batch', batches > 0 && chosenBatch >= batches - 1, () => to(chosenBatch + 1))}
      </span>
      ${numberField(
        { title: 'rows', meaning: 'Rows of a micro-batch.' },
        batchSize,
        { min: 1, digits: 3 },
        rows => rows !== null && edit(withTraining(request, { batchSize: rows })),
      )}
      ${selectField(
        { title: 'padded to', meaning: 'To which length the shorter rows of a batch are padded.' },
        fixed ? 'length' : padding,
        [
          { value: 'batch', label: 'longest of the batch' },
          { value: 'longest', label: 'longest of all' },
          { value: 'length', label: 'a length' },
        ],
        chosen =>
          edit(
            withTraining(request, {
              padding: chosen === 'length' ? (batch.value?.shape[1] ?? 64) : (chosen as 'batch'),
            }),
          ),
      )}
      ${
        fixed
          ? numberField(
              { title: 'length', meaning: 'In tokens.' },
              padding,
              { min: 1, digits: 4 },
              length => length !== null && edit(withTraining(request, { padding: length })),
            )
          : nothing
      }
      ${selectField(
        { title: 'cells', meaning: 'What the cells of the batch say.' },
        view.batchCells,
        [
          { value: 'text', label: 'tokens' },
          { value: 'ids', label: 'ids' },
        ],
        batchCells => look({ batchCells }),
      )}
    </div>
  `;
}

function laidOpen(batch: LaidOpenBatch, context: PageContext): TemplateResult {
  const { snapshot } = context;
  const [rows, length] = batch.shape;
  const { scored, ignored, padded } = batchCounts(batch);
  const all = Math.max(1, rows * length);
  const scores = scoresTokens(snapshot);
  const entry = (state: string, title: string, positions: number, meaning: string): TemplateResult => html`
    <span class="batch-key-entry" title=${meaning}>
      <span class="swatch batch-${state}"></span>${title} <b>${count(positions)}</b> <span class="quiet">${percent(positions / all)}</span>
    </span>
  `;
  return html`
    <p class="row-facts steady">
      <span title="Rows times positions: the shape of the ids.">ids <b>[${count(rows)}, ${count(length)}]</b></span>
      <span class="quiet">step ${count(batch.step + 1)}, micro-batch ${count(batch.microBatch + 1)}</span>
      ${
        scores
          ? html`${entry('scored', 'scored', scored, 'Positions whose next token the model is to predict.')}
      ${entry('ignored', 'ignored', ignored, 'Positions whose target is −100: the loss does not look at them.')}`
          : entry('ignored', 'tokens', ignored, 'Positions that hold a token of the row.')
      }
      ${entry('padded', 'padding', padded, 'Positions that are there to make the rows equally long; not attended to.')}
    </p>
    <lm-batch-grid
      .batch=${batch}
      .ids=${snapshot.view.batchCells === 'ids'}
      .targets=${scores}
      .pieces=${methodOf(snapshot) === 'lm'}
      .onRow=${(row: number) => goToRow(context, row, undefined)}
    ></lm-batch-grid>
  `;
}
