import type { Finding } from './evidence.ts';
import { type Said, seatsOf } from './said.ts';
import type { Story } from './stories.ts';

/**
 * No seat is held or sold twice at one time; in the end those with a ticket have theirs, nobody else
 * any, and no seat is had that was never opened.
 */
export const seatMaps = (events: readonly Said[], stories: readonly Story[]): Finding => {
  const opened = new Set(events.flatMap(openedBy));
  const holders = new Map<string, string>();
  const violations: string[] = [];
  const acts: Readonly<Record<string, (seat: string, id: string) => void>> = {
    'seat.reserved': (seat, id) => {
      if (holders.has(seat)) violations.push(`seat ${seat} is ${holders.get(seat)}'s and ${id}'s`);
      if (!opened.has(seat)) violations.push(`seat ${seat} is ${id}'s and was never opened`);
      holders.set(seat, id);
    },
    'seat.sold': (seat, id) => {
      if (holders.get(seat) !== id) violations.push(`seat ${seat} is not ${id}'s to be sold`);
    },
    'seat.released': (seat, id) => {
      if (holders.get(seat) !== id) violations.push(`seat ${seat} is not ${id}'s to be released`);
      holders.delete(seat);
    },
  };
  // A section is one stream, so its numbers are the order in which seat decided.
  for (const event of events.toSorted((a, b) => a.sequence - b.sequence)) {
    for (const seat of seatsOf(event)) acts[event.type]?.(`${event.key}/${seat}`, event.about);
  }
  const ticketed = new Set(
    stories.filter(({ ends }) => ends.includes('ticketed')).map(({ id }) => id),
  );
  const holding = new Set(holders.values());
  return {
    what: `seats, ${holders.size} of them sold`,
    count: opened.size,
    violations: [
      ...violations,
      ...[...holding.difference(ticketed)].map(
        (id) => `booking ${id} keeps seats without a ticket`,
      ),
      ...[...ticketed.difference(holding)].map((id) => `booking ${id} has a ticket without seats`),
    ],
  };
};

const openedBy = ({ type, key, data: { rows = [] } }: Said): string[] =>
  type === 'section.opened'
    ? rows.flatMap(({ row, from, to }) =>
        Array.from({ length: to - from + 1 }, (_, n) => `${key}/${row}-${from + n}`),
      )
    : [];

/** Never two tickets for one seat that are valid at the end. */
export const tickets = (stories: readonly Story[]): Finding => {
  const valid = stories.flatMap(({ id, events }) => {
    const isRevoked = events.some(({ type }) => type === 'ticket.revoked');
    const ticket = events.find(({ type }) => type === 'ticket.generated');
    if (ticket === undefined || isRevoked) return [];
    return seatsOf(ticket).map((seat) => ({ seat: `${ticket.key}/${seat}`, id }));
  });
  const bySeat = Map.groupBy(valid, ({ seat }) => seat);
  const violations = [...bySeat].flatMap(([seat, those]) =>
    those.length === 1 ? [] : [`seat ${seat} has ${those.length} valid tickets`],
  );
  return { what: 'seats on valid tickets', count: bySeat.size, violations };
};

/** Nobody is let in twice on one seat of a ticket, nor on a ticket that was revoked before. */
export const admissions = (stories: readonly Story[]): Finding => {
  let count = 0;
  const violations = stories.flatMap(({ id, events }) => {
    const entered = new Set<string>();
    let isValid = false;
    // What ticket says of a booking is one stream: its numbers are the order in which it decided.
    const said = events.filter(({ noun }) => noun === 'ticket');
    return said
      .toSorted((a, b) => a.sequence - b.sequence)
      .flatMap((event) => {
        if (event.type === 'ticket.generated') isValid = true;
        if (event.type === 'ticket.revoked') isValid = false;
        if (event.type !== 'ticket.admitted') return [];
        return seatsOf(event).flatMap((seat) => {
          const isAgain = entered.has(seat);
          entered.add(seat);
          count += 1;
          return [
            ...(isAgain ? [`booking ${id} came in twice on ${seat}`] : []),
            ...(isValid ? [] : [`booking ${id} came in on ${seat} without a valid ticket`]),
          ];
        });
      });
  });
  return { what: 'seats that somebody came in on', count, violations };
};
