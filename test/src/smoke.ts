/**
 * Books one seat over HTTP on the system that runs here, and waits until it is ticketed. One line;
 * exit code 0 if it went well.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, urlOf } from '@ensemble/host';
import { z } from 'zod';

const limitMs = 60_000;
const { HOST, GATEWAY_PORT, OPS_PORT } = readConfig(process.env);
const gateway = urlOf(HOST, GATEWAY_PORT);

const showsSchema = z.object({ shows: z.array(z.object({ showId: z.string() })).min(1) });
const showSchema = z.object({
  sections: z.array(
    z.object({
      section: z.string(),
      seats: z.array(z.object({ seat: z.string(), state: z.string() })),
    }),
  ),
});
const receiptSchema = z.object({ bookingId: z.string(), token: z.string(), state: z.string() });
const bookingSchema = z.object({
  state: z.string(),
  seats: z.array(z.string()),
  ticket: z.object({ code: z.string() }).optional(),
});

const began = performance.now();
const until = async <Value>(
  what: string,
  look: () => Promise<Value | undefined>,
): Promise<Value> => {
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() - began > limitMs) throw new Error(`waited 60 s in vain for ${what}`);
    await sleep(100);
  }
};

const isReady = async (): Promise<true | undefined> => {
  try {
    return (await fetch(`${urlOf(HOST, OPS_PORT)}/readyz`)).ok || undefined;
  } catch {
    // Nothing listens there yet.
    return undefined;
  }
};

const answer = async <Value>(schema: z.ZodType<Value>, path: string, init?: RequestInit) => {
  const response = await fetch(`${gateway}${path}`, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return schema.parse(JSON.parse(text));
};

const freeSeat = async () => {
  const { shows } = await answer(showsSchema, '/api/shows');
  for (const { showId } of shows) {
    const { sections } = await answer(showSchema, `/api/shows/${showId}`);
    for (const { section, seats } of sections) {
      const free = seats.findLast(({ state }) => state === 'free');
      if (free !== undefined) return { showId, section, seats: [free.seat] };
    }
  }
  throw new Error('every seat is taken');
};

const book = async (): Promise<string> => {
  await until('the system to be ready', isReady);
  const { bookingId, token } = await answer(receiptSchema, '/api/bookings', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      ...(await freeSeat()),
      customer: { name: 'Ada Żółć', email: 'ada@example.org' },
      card: 'pm_card_visa',
    }),
  });
  const asked = performance.now();
  const headers = { authorization: `Bearer ${token}` };
  const { seats, ticket } = await until('the ticket', async () => {
    const booking = await answer(bookingSchema, `/api/bookings/${bookingId}`, { headers });
    if (['refused', 'failed', 'refunded'].includes(booking.state)) {
      throw new Error(`the booking ended as ${booking.state}`);
    }
    return booking.state === 'ticketed' ? booking : undefined;
  });
  const ms = Math.round(performance.now() - asked);
  return `booking ${bookingId}, seat ${seats.join()}: ticketed in ${ms} ms, code ${ticket?.code}`;
};

try {
  console.log(await book());
} catch (error) {
  console.error(`smoke: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
