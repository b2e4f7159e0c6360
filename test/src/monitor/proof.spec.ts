import { describe, expect, it } from '@jest/globals';
import { type Proof, proofOf } from '@ensemble/monitor/flow';
import { attribute, type SpanRecord } from '@ensemble/telemetry';
import type { Stage } from '@ensemble/testing/stage';
import { play } from '../stage/play.ts';
import { newKnowledge, recordsOf, tell } from './told.ts';

/** Plays a seed with all faults, and looks at what is there when everything is at rest. */
const atRestOf = async <Found>(
  seed: number,
  look: (stage: Stage, spans: readonly SpanRecord[]) => Found,
): Promise<Found> => {
  const found: Found[] = [];
  await play(seed, { atRest: (stage, spans) => void found.push(look(stage, spans)) });
  const [first] = found;
  if (first === undefined) throw new Error(`seed ${seed} did not come to rest`);
  return first;
};

describe('the flow rebuilt from spans', () => {
  it('equals the flow rebuilt from the log, whatever befalls the services', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const proof: Proof = await atRestOf(seed, (stage, spans) => proofOf(recordsOf(stage), spans));
      expect([seed, proof.differences]).toEqual([seed, []]);
      expect(proof.checked).toBeGreaterThan(25);
    }
  }, 60_000);

  it('is found to differ where a span is missing', async () => {
    const proof = await atRestOf(1, (stage, spans) => {
      const isLost = ({ attributes }: SpanRecord): boolean =>
        attributes[attribute.messageId] === lost?.attributes[attribute.messageId];
      const lost = spans.find(({ name }) => name === 'create payment.received');
      return proofOf(
        recordsOf(stage),
        spans.filter((span) => span.kind !== 'producer' || !isLost(span)),
      );
    });
    expect(proof.checked - proof.equal).toBe(1);
  }, 30_000);

  it('is proven live, booking by booking', async () => {
    const totals = await atRestOf(2, (stage, spans) => {
      const monitor = newKnowledge(stage.log.partitions);
      for (const span of spans) monitor.span(span);
      tell(monitor, recordsOf(stage));
      return monitor.map().totals;
    });
    expect(totals.proven).toEqual({ equal: totals.bookings, checked: totals.bookings });
  }, 30_000);
});
