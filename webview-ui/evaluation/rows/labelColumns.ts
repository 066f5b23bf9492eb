import { html } from 'lit';
import { confidenceOf, isLabelled } from '../../../src/protocol/evaluation/rows.ts';
import { percent } from '../../shared/format.ts';
import { type Column, columnOf } from './column.ts';

/** Of rows with a label: it, what was predicted, and how surely. */
export function labelColumns(task: string): Column[] {
  return [
    columnOf(
      isLabelled,
      { title: 'label', meaning: 'What the row has', width: 84, sort: ['label', 'ascending'] },
      ({ label }) => ({
        content: label,
        meaning: label,
      }),
    ),
    columnOf(
      isLabelled,
      { title: 'predicted', meaning: 'What the model chose', width: 104, sort: ['predicted', 'ascending'] },
      ({ label, predicted }) => ({
        content: html`<span class="codicon codicon-${label === predicted ? 'check' : 'close'}" role="img" aria-label=${label === predicted ? 'right' : 'wrong'}></span> ${predicted}`,
        kind: label === predicted ? 'right' : 'wrong',
        meaning: predicted,
      }),
    ),
    columnOf(
      isLabelled,
      {
        title: 'confidence',
        meaning: 'The probability of the label that the model chose',
        width: 92,
        numeric: true,
        sort: ['confidence', 'descending'],
      },
      row => ({ content: percent(confidenceOf(row, task)) }),
    ),
  ];
}
