import { expect, it } from '@jest/globals';
import { registry } from './registry.ts';
import { meterSpans } from './span-meters.ts';

it('shows of the spans of a process what became of them', async () => {
  const meters = registry();
  const counts = { ended: 0, sent: 0, lost: 0 };
  meterSpans(meters, () => counts);
  Object.assign(counts, { ended: 3, sent: 2, lost: 1, taken: 3 });
  expect((await meters.render()).split('\n').slice(1, -1)).toEqual([
    '# TYPE flow_spans_total counter',
    'flow_spans_total{state="ended"} 3',
    'flow_spans_total{state="sent"} 2',
    'flow_spans_total{state="lost"} 1',
  ]);
});
