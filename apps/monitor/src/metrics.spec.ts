import { registry } from '@ensemble/telemetry';
import { expect, it } from '@jest/globals';
import { watchFlow } from './metrics.ts';
import type { MapView, StuckView } from './views.ts';

const map: Pick<MapView, 'services' | 'totals'> = {
  services: [
    { name: 'seat', version: 1, lag: 0, standsSince: null, parked: 0, dead: 2, toDos: [] },
  ],
  totals: {
    bookings: 9,
    byState: { reserved: 3, ticketed: 9 },
    stuck: 1,
    waiting: {},
    rate: 1,
    verdicts: 0,
    proven: { equal: 3, checked: 4 },
    spans: { kept: 0, dropped: 0 },
    behind: 17,
  },
};
const groups: StuckView['groups'] = [
  {
    owner: 'payment',
    on: 'seat.reserved',
    oneOf: ['payment.received'],
    suspect: 'provider down',
    evidence: 'It does not answer.',
    bookings: [{ bookingId: 'a booking', since: 1, overdueSince: 2, total: null }],
    money: [],
  },
];

const lines = async (proven: MapView['totals']['proven']): Promise<string[]> => {
  const meters = registry();
  const { ended, verdict } = watchFlow(meters, {
    map: () => ({ ...map, totals: { ...map.totals, proven } }),
    stuck: () => ({ groups }),
  });
  ended('ticketed', 700);
  verdict('late');
  return (await meters.render()).split('\n').filter((line) => !/^#|_bucket|^$/.test(line));
};

it('shows the flow as metrics, without a booking’s id', async () => {
  const all = await lines({ equal: 3, checked: 4 });
  const shown = all.filter((line) => !line.endsWith(' 0'));
  expect(shown).toEqual([
    'flow_bookings_active{state="reserved"} 3',
    'flow_bookings_stuck{step="payment: seat.reserved",suspect="provider down"} 1',
    'flow_dead_letters{service="seat"} 2',
    'flow_ledger_behind 17',
    'flow_trace_rebuild_ratio 0.75',
    'flow_bookings_total{outcome="ticketed"} 1',
    'flow_booking_duration_seconds_sum{outcome="ticketed"} 0.7',
    'flow_booking_duration_seconds_count{outcome="ticketed"} 1',
    'flow_conformance_verdicts_total{kind="late"} 1',
  ]);
  expect(shown.join()).not.toContain('a booking');
});

it('has each kind of verdict from the beginning, so that the first one is an increase', async () => {
  const kinds = (await lines(null)).filter((line) => line.startsWith('flow_conformance'));
  expect(kinds).toHaveLength(8);
  expect(kinds).toContain('flow_conformance_verdicts_total{kind="dead edge"} 0');
});

it('says nothing of how whole the traces are before one was looked at', async () => {
  for (const proven of [null, { equal: 0, checked: 0 }]) {
    expect((await lines(proven)).join()).not.toContain('rebuild_ratio');
  }
});
