import { describe, expect, it } from '@jest/globals';
import { flowMeters, meteredTelemetry } from './metered.ts';
import { registry } from './registry.ts';
import { type HeardMessage, noTelemetry } from './telemetry.ts';

const message: HeardMessage = {
  topic: 'seat',
  partition: 3,
  offset: 41,
  key: 'hamlet/stalls',
  receivedAt: 0,
  id: 'an event',
  type: 'seat.reserved',
  conversationId: 'a booking',
  time: 0,
  traceparent: undefined,
  trigger: 'event',
  maySay: true,
};
const stage = () => {
  const meters = registry();
  const telemetry = meteredTelemetry('payment', flowMeters(meters), noTelemetry, () => 250);
  return { meters, telemetry };
};

describe('what is measured', () => {
  it('is each message by what became of it, and how long it waited', async () => {
    const { meters, telemetry } = stage();
    telemetry.hear(message).end('decided');
    const text = await meters.render();
    const labels = 'messaging_consumer_group_name="payment",cloudevents_event_type="seat.reserved"';
    expect(text).toContain(
      `messaging_client_consumed_messages_total{${labels},flow_outcome="decided"} 1`,
    );
    expect(text).toContain('flow_hop_wait_seconds_sum{cloudevents_event_type="seat.reserved"');
    expect(text).not.toContain('a booking');
  });
});
