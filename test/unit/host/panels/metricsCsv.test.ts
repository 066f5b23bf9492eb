import { expect, test } from 'vitest';
import { metricsCsv } from '../../../../src/host/panels/metricsCsv.ts';
import { MetricsTable } from '../../../../src/protocol/run/metrics.ts';

test('metrics of runs are one table, with empty cells where a line lacks a metric', () => {
  const table = (...lines: object[]): MetricsTable => {
    const metrics = new MetricsTable();
    metrics.append(lines as never);
    return metrics;
  };
  const csv = metricsCsv([
    { title: 'one, with a comma', metrics: table({ step: 0, evalLoss: 0.7 }, { step: 1, loss: 0.5 }) },
    { title: 'two', metrics: table({ step: 1, kl: 1e-7 }) },
  ]);
  expect(csv.split('\r\n')).toEqual([
    'run,step,evalLoss,loss,kl',
    '"one, with a comma",0,0.7,,',
    '"one, with a comma",1,,0.5,',
    'two,1,,,1e-7',
    '',
  ]);
});
