import { Option } from 'commander';
import type { ProbeResult } from '../../protocol/evaluation/folder.ts';
import { isProbed } from '../../protocol/evaluation/rows.ts';
import { figure, percent, table } from '../output.ts';
import type { TaskCommand } from './task.ts';

export const probe: TaskCommand = {
  name: 'probe',
  description: 'what the texts of a dataset are like to a model: perplexity, diversity, repetition, a map',
  options: [
    new Option('--columns <names>', 'columns to look at, with commas between; the text where left out').argParser(
      (names: string) => names.split(','),
    ),
    new Option('--by <column>', 'sum up by this column’s values'),
    new Option('--embeddings <pooling>', 'lay the rows out on a plane by the mean or the last of their states').choices(
      ['mean', 'last'],
    ),
  ],
  takes: ['model'],
  section: async ({ columns = [], by = null, embeddings = null }) => ({
    probe: {
      columns: columns as string[],
      by: by as string | null,
      embeddings: embeddings as 'mean' | 'last' | null,
    },
  }),
  async output({ result, rows }) {
    const { groups, projection } = result as ProbeResult;
    const probed = rows.filter(isProbed);
    const lines = groups.map(({ column, group, perplexity, bitsPerByte, texts }) => [
      `${texts.count}`,
      figure(perplexity),
      figure(bitsPerByte),
      figure(texts.meanTokens, 1),
      percent(texts.distinct1),
      percent(texts.distinct2),
      percent(texts.repetition),
      group === null ? column : `${column}, ${group}`,
    ]);
    const headings = [
      'texts',
      'perplexity',
      'bits per byte',
      'tokens a text',
      'distinct words',
      'distinct pairs',
      'repeated',
    ];
    const right = headings.map(() => 'right' as const);
    const text = (): string => table([...headings, 'column'], lines, [...right, 'left']);
    return { json: { groups, ...(projection && { projection }), rows: probed }, text };
  },
};
