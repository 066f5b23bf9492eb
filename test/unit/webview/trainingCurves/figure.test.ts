import { describe, expect, test } from 'vitest';
import { MetricsTable } from '../../../../src/protocol/run/metrics.ts';
import { plotGroups } from '../../../../webview-ui/trainingCurves/data/plotGroups.ts';
import { settingRows } from '../../../../webview-ui/trainingCurves/data/settings.ts';
import { figureOf } from '../../../../webview-ui/trainingCurves/figure/figure.ts';
import { toPdf } from '../../../../webview-ui/trainingCurves/figure/pdf.ts';
import { toSvg } from '../../../../webview-ui/trainingCurves/figure/svg.ts';
import { linearTicks, logarithmicTicks } from '../../../../webview-ui/trainingCurves/figure/ticks.ts';

test.each([
  [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0, 655, 5, [0, 200, 400, 600]],
  [0.13, 0.47, 4, [0.2, 0.3, 0.4]],
  [0, 5e-5, 5, [0, 1e-5, 2e-5, 3e-5, 4e-5, 5e-5]],
  [-3, 3, 3, [-2, 0, 2]],
  [4, 4, 5, [4]],
])('round places between %d and %d', (min, max, wanted, expected) => {
  expect(linearTicks(min, max, wanted)).toEqual(expected);
});

test.each([
  [0.02, 30, [0.1, 1, 10]],
  [0.3, 0.9, [0.4, 0.6, 0.8]],
  [111, 152, [120, 140]],
  [2, 60, [2, 5, 10, 20, 50]],
])('places on a logarithmic scale from %d to %d', (min, max, expected) => {
  expect(logarithmicTicks(min, max)).toEqual(expected);
});

describe('a figure', () => {
  const table = new MetricsTable();
  const lines = Array.from({ length: 40 }, (_, step) => ({ step, loss: 1 / (step + 1), epoch: 0 }));
  table.append([{ step: 0, evalLoss: 0.9 }, ...lines, { step: 39, evalLoss: 0.1 }] as never);
  const run = (title: string, index: number) => ({
    folder: title,
    title,
    index,
    table,
    checkpoints: [],
    bestStep: null,
  });
  const drawn = [run('ham & <spam>', 0), run('naïve (ü) 模型', 1)];
  const figure = figureOf({
    groups: plotGroups(table.names),
    drawn,
    runs: 2,
    look: { xAxis: 'step', smoothing: 0.5, log: false, zoom: null },
  });

  test('as SVG holds each line as a path, evaluations dashed, and words as they are', () => {
    const svg = toSvg(figure);
    expect(svg).toContain('ham &amp; &lt;spam&gt;, train</text>');
    expect(svg.match(/stroke-dasharray="7 4"/g)).toHaveLength(4); // two runs, each its line and its key
    expect(svg.match(/stroke-opacity="0.3"/g)).toHaveLength(2); // the raw lines under the smoothed ones
  });

  test('as PDF has every object where its table says, and brackets in words do not end them', () => {
    const bytes = toPdf(figure);
    const text = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
    const table = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    expect(text.slice(table, table + 4)).toBe('xref');
    const places = [...text.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, place]) => Number(place));
    expect(places).toHaveLength(6);
    places.forEach((place, i) => expect(text.slice(place, place + 8)).toBe(`${i + 1} 0 obj\n`.slice(0, 8)));
    const [, length, stream] = /\/Length (\d+) >>\nstream\n([^]*?)\nendstream/.exec(text) ?? [];
    expect(stream).toHaveLength(Number(length));
    expect(stream).toContain(
      String.raw`(na\xefve \(\xfc\) ??, train)`.replace(/\\x(..)/g, (_, code) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
    );
  });
});

test('settings that differ between runs come first; of one run, those that are not the defaults', () => {
  const request = (changes: object) =>
    ({ method: 'sft', model: 'starter', dataset: { file: 'a.json' }, ...changes }) as const;
  const two = settingRows([
    request({}),
    request({ training: { learningRate: 1e-3 }, trainable: { lora: { rank: 8 } } }),
  ]);
  const differing = two.filter(({ differs }) => differs).map(({ field, values }) => [field, ...values]);
  expect(Object.fromEntries(differing.map(([field, ...values]) => [field, values]))).toMatchObject({
    'training.learningRate': ['0.00005', '0.001'],
    'trainable.layers': ['all', '–'],
    'trainable.lora.rank': ['–', '8'],
  });
  expect(two.some(({ field }) => field.startsWith('ppo') || field.startsWith('torch'))).toBe(false);
  const one = settingRows([request({ training: { batchSize: 4 } })]).filter(({ differs }) => differs);
  expect(one.map(({ field }) => field)).toEqual(['method', 'model', 'dataset.file', 'training.batchSize']);
});
