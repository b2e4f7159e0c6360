import { type Column, duration, percent, Table } from '@ensemble/ui';
import type { HopView } from '../../views.ts';

const whole = ({ publishMs, waitMs, workMs }: HopView): number => publishMs + waitMs + workMs;

const columns = (total: number): readonly Column<HopView>[] => [
  { title: 'Event', cell: ({ event }) => event, isHead: true },
  { title: 'From', cell: ({ from }) => from },
  { title: 'To', cell: ({ to }) => to },
  { title: 'Publishing', cell: ({ publishMs }) => duration(publishMs), isNumber: true },
  { title: 'Waiting', cell: ({ waitMs }) => duration(waitMs), isNumber: true },
  { title: 'Working', cell: ({ workMs }) => duration(workMs), isNumber: true },
  { title: 'Share', cell: (hop) => percent(whole(hop) / (total || 1)), isNumber: true },
];

/** The longest chain of causes: what would have to be quicker for the booking to be. */
export const CriticalPath = ({ hops }: { hops: readonly HopView[] }) => {
  if (hops.length === 0) return null;
  const total = hops.reduce((sum, hop) => sum + whole(hop), 0);
  return (
    <section className="panel" aria-labelledby="critical">
      <h2 id="critical">{`Critical path: ${duration(total)} on ${hops.length} hops`}</h2>
      <Table
        caption="The longest chain of causes"
        columns={columns(total)}
        rows={hops}
        keyOf={({ eventId, to }) => `${eventId} ${to}`}
      />
    </section>
  );
};
