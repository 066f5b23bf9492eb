import { expect, test } from 'vitest';
import { trainingRequest } from '../../../../src/host/annotate/trainingRequest.ts';
import { firstSettings } from '../../../../src/protocol/annotations/settings.ts';
import type { DatasetRequest } from '../../../../src/protocol/dataset.ts';
import { splitRows } from '../../../../src/data/split.ts';
import { complete } from '../../../../src/protocol/run/defaults.ts';
import type { SharesSpec } from '../../../../src/protocol/run/spec.ts';

const SESSION = {
  dataset: { model: 'm', dataset: { file: '/rows.tsv' } },
  output: '/rows.preferences.jsonl',
  settings: firstSettings('m'),
  skipped: [],
  skippedAgain: 0,
};
const judged = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ prompt: `p${at}`, responses: ['a', 'b'] }));

test.each([1, 2, 4, 5, 10, 19, 20, 200])('%i judgements can be trained on: no part with a share is empty', count => {
  const request = trainingRequest(SESSION, judged(count), 'dpo') as DatasetRequest & { method: 'dpo' };
  expect(request.dataset.file).toBe('/rows.preferences.jsonl');
  const { split } = complete(request).dataset;
  expect(() => splitRows(count, split as SharesSpec)).not.toThrow();
});

test('what was asked again is left out', () => {
  expect(trainingRequest(SESSION, judged(3), 'reward').dataset.steps).toBeUndefined();
  const again = { ...judged(1)[0], prompt: 'p0', responses: ['b', 'a'], again: true as const };
  expect(trainingRequest(SESSION, [...judged(3), again], 'reward').dataset.steps).toEqual([{ filter: 'not again' }]);
});
