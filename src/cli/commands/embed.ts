import { type Command, Option } from 'commander';
import type { EmbeddedRow, EmbedRequest } from '../../protocol/evaluation/api.ts';
import { valueOf } from '../../protocol/result.ts';
import { type RowsOptions, rowsOf, rowsOptions } from '../datasetOptions.ts';
import { asOptionsSay } from '../fields.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelChoice,
  modelOption,
  type ModelOption,
  precisionOption,
} from '../options.ts';
import { writeStandardOutput } from '../output.ts';
import { withEngine } from '../session.ts';

interface Options extends JsonOption, ModelOption, DeviceOptions, RowsOptions {
  readonly pooling: EmbedRequest['pooling'];
  readonly textColumn?: string;
}

export function embed(program: Command): void {
  const command = program
    .command('embed')
    .description('a vector for each row of a dataset file, out of the model’s final hidden states')
    .addOption(
      new Option('--pooling <how>', 'the mean of the states, or the last').choices(['mean', 'last']).default('mean'),
    )
    .option('--text-column <name>', 'the column to embed, by name or role; the one that is the text where left out');
  for (const option of rowsOptions()) command.addOption(option);
  command
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { pooling, textColumn = null, json = false } = options;
      const request = { ...modelChoice(options), pooling, column: textColumn, ...rowsOf(options) };
      const writer = json ? jsonRows() : tableRows();
      const { rows, leftOut, width } = await asOptionsSay(() =>
        withEngine((engine, call) =>
          valueOf(engine.embedRows(request, { ...call, onUpdate: rows => process.stdout.write(writer.rows(rows)) })),
        ),
      );
      if (leftOut > 0) console.error(`${leftOut} rows were left out: they have no text.`);
      await writeStandardOutput(writer.end({ rows, leftOut, width }));
    });
}

/** Rows are written as they come: a million of them do not fit into memory. */
interface RowsWriter {
  rows(rows: readonly EmbeddedRow[]): string;
  end(counts: object): string;
}

/** One document. */
function jsonRows(): RowsWriter {
  let before = '{"vectors":[';
  return {
    rows: rows =>
      rows
        .map(({ row, vector }) => {
          const written = `${before}${JSON.stringify({ row, vector: vector.map(shortest) })}`;
          before = ',\n';
          return written;
        })
        .join(''),
    end: counts => `${before === ',\n' ? '' : before}],${JSON.stringify(counts).slice(1)}`,
  };
}

/** A line of tab-separated numbers for each row, its own number first. */
const tableRows = (): RowsWriter => ({
  rows: rows => rows.map(({ row, vector }) => `${[row, ...vector.map(shortest)].join('\t')}\n`).join(''),
  end: () => '',
});

/** Nine digits tell every number of single precision from the next. */
const shortest = (value: number): number => Number(value.toPrecision(9));
