import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProvider } from '@ensemble/provider';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderAway, stripeProvider } from '@ensemble/payment/stripe';

const host = '127.0.0.1';
const apiKey = 'sk_test_ensemble';
const bookingId = '5f0c9a3be2d14c7fa1b7c0d2e3f40516';
const amount = { amount: 9000, currency: 'EUR' };
const first = { tries: 0 };
const again = { tries: 1 };

let dataDir: string;
let provider: Awaited<ReturnType<typeof startProvider>>;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'stripe-'));
  provider = await startProvider({ host, port: 0, dataDir });
});
afterEach(async () => {
  await provider.close();
  rmSync(dataDir, { recursive: true });
});

const stripe = (timeoutMs = 5000) => stripeProvider({ apiUrl: provider.url, apiKey, timeoutMs });
const behave = async (mode: string, delayMs = 60_000): Promise<void> => {
  const body = JSON.stringify({ mode, delayMs });
  const { status } = await fetch(`${provider.url}/behaviour`, { method: 'POST', body });
  expect(status).toBe(200);
};
const charges = async (): Promise<Record<string, unknown>[]> =>
  JSON.parse(await (await fetch(`${provider.url}/charges`)).text()).charges;
const prepare = async (): Promise<string> => (await stripe().prepare({ bookingId, amount })).intent;
const attempt = (
  intent: string,
  card: string,
  more: { attempt?: number; previousCharge?: string | null } = {},
) => ({ bookingId, intent, attempt: 1, card, previousCharge: null, ...more });
const pay = async (): Promise<string> => {
  const intent = await prepare();
  await stripe().confirm(attempt(intent, 'pm_card_visa'), first);
  return intent;
};
const refund = (intent: string, number = 1) => ({ bookingId, intent, attempt: number, amount });
const declined = (reason: string) => ({
  outcome: 'declined',
  reason,
  charge: expect.stringMatching(/^ch_/),
});
const paid = (intent: string) => ({
  outcome: 'paid',
  receipt: intent,
  charge: expect.stringMatching(/^ch_/),
});

describe('prepare', () => {
  it('makes one payment for a booking, and moves no money', async () => {
    const intent = await prepare();
    expect(await prepare()).toBe(intent);
    expect(await charges()).toEqual([]);
  });
});

describe('confirm', () => {
  it('charges a good card', async () => {
    const intent = await prepare();
    const args = attempt(intent, 'pm_card_mastercard');
    expect(await stripe().confirm(args, first)).toEqual(paid(intent));
    expect(await charges()).toMatchObject([
      { payment_intent: intent, metadata: { bookingId }, amount: 9000, currency: 'eur' },
    ]);
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error'],
  ])('hears that %s is declined: %s', async (card, reason) => {
    const intent = await prepare();
    expect(await stripe().confirm(attempt(intent, card), first)).toEqual(declined(reason));
  });

  it.each([
    ['pm_card_of_nobody', 'resource_missing'],
    ['pm_card_authenticationRequired', 'authentication_required'],
  ])('takes %s for declined, and keeps in mind the charge before it', async (card, reason) => {
    const intent = await prepare();
    const args = attempt(intent, card, { previousCharge: 'ch_before' });
    const answer = { outcome: 'declined', reason, charge: 'ch_before' };
    expect(await stripe().confirm(args, first)).toEqual(answer);
    expect(await stripe().confirm(args, again)).toEqual(answer);
  });

  it('charges a good card after a bad one, on the same payment', async () => {
    const intent = await prepare();
    const bad = await stripe().confirm(attempt(intent, 'pm_card_visa_chargeDeclined'), first);
    const { charge } = bad as { charge: string };
    const good = attempt(intent, 'pm_card_visa', { attempt: 2, previousCharge: charge });
    expect(await stripe().confirm(good, again)).toEqual(paid(intent));
    expect(await charges()).toHaveLength(1);
  });

  it('charges once when the answer is lost', async () => {
    const intent = await prepare();
    const args = attempt(intent, 'pm_card_visa');
    await behave('lose-answer');
    await expect(stripe().confirm(args, first)).rejects.toThrow(ProviderAway);
    await behave('normal');
    expect(await stripe().confirm(args, again)).toEqual(paid(intent));
    expect(await charges()).toHaveLength(1);
  });

  it('charges once when the answer is late', async () => {
    const intent = await prepare();
    const args = attempt(intent, 'pm_card_visa');
    await behave('slow');
    await expect(stripe(50).confirm(args, first)).rejects.toThrow(ProviderAway);
    await behave('normal');
    expect(await stripe().confirm(args, again)).toEqual(paid(intent));
    expect(await charges()).toHaveLength(1);
  });

  it('reads back a decline that was lost: that of this attempt, not of an older one', async () => {
    const intent = await prepare();
    const bad = attempt(intent, 'pm_card_visa_chargeDeclined');
    await behave('lose-answer');
    await expect(stripe().confirm(bad, first)).rejects.toThrow(ProviderAway);
    await behave('normal');
    const lost = await stripe().confirm(bad, again);
    expect(lost).toEqual(declined('generic_decline'));
    expect(await stripe().confirm(bad, again)).toEqual(lost);

    const { charge: previousCharge } = lost as { charge: string };
    const good = attempt(intent, 'pm_card_visa', { attempt: 2, previousCharge });
    await behave('down');
    await expect(stripe().confirm(good, first)).rejects.toThrow(ProviderAway);
    await behave('normal');
    expect(await stripe().confirm(good, again)).toEqual(paid(intent));
  });

  it('finds a payment that was paid or cancelled meanwhile, and charges nothing', async () => {
    const intent = await pay();
    const other = attempt(intent, 'pm_card_mastercard', { attempt: 2 });
    expect(await stripe().confirm(other, first)).toEqual(paid(intent));
    expect(await charges()).toHaveLength(1);
  });

  it.each([first, again])('never charges after a cancel (%j)', async (tried) => {
    const intent = await prepare();
    await stripe().cancel({ bookingId, amount, intent });
    const args = attempt(intent, 'pm_card_visa');
    expect(await stripe().confirm(args, tried)).toEqual({ outcome: 'cancelled' });
    expect(await charges()).toEqual([]);
  });

  it('waits while the same attempt is in flight', async () => {
    const intent = await prepare();
    const args = attempt(intent, 'pm_card_visa');
    await behave('slow');
    const both = [1, 2].map(() =>
      stripe()
        .confirm(args, first)
        .catch((error: unknown) => error),
    );
    expect(await Promise.race(both)).toMatchObject({
      code: 'provider-away',
      message: expect.stringContaining('idempotency_key_in_use 409'),
    });
    await behave('normal');
    expect(await Promise.all(both)).toContainEqual(paid(intent));
    expect(await charges()).toHaveLength(1);
  });
});

describe('cancel', () => {
  it('ends a payment, however often', async () => {
    const intent = await prepare();
    for (const _ of [1, 2]) {
      expect(await stripe().cancel({ bookingId, amount, intent })).toEqual({
        outcome: 'cancelled',
      });
    }
  });

  it('ends a payment whose name was never heard', async () => {
    await behave('lose-answer');
    await expect(stripe().prepare({ bookingId, amount })).rejects.toThrow(ProviderAway);
    await behave('normal');
    const cancelled = await stripe().cancel({ bookingId, amount, intent: null });
    expect(cancelled).toEqual({ outcome: 'cancelled' });
    const args = attempt(await prepare(), 'pm_card_visa');
    expect(await stripe().confirm(args, first)).toEqual({ outcome: 'cancelled' });
  });

  it('says when the money had come', async () => {
    const intent = await pay();
    const found = { ...paid(intent), intent };
    expect(await stripe().cancel({ bookingId, amount, intent })).toEqual(found);
    expect(await stripe().cancel({ bookingId, amount, intent: null })).toEqual(found);
  });
});

describe('refund', () => {
  const refunded = { outcome: 'refunded', receipt: expect.stringMatching(/^re_/) };
  const givenBack = async (): Promise<unknown[]> =>
    (await charges()).map(({ amount_refunded }) => amount_refunded);

  it('gives the money back once, whatever the tries and attempts', async () => {
    const intent = await pay();
    const given = await stripe().refund(refund(intent), first);
    expect(given).toEqual(refunded);
    expect(await stripe().refund(refund(intent), first)).toEqual(given);
    expect(await stripe().refund(refund(intent), again)).toEqual(given);
    expect(await stripe().refund(refund(intent, 2), first)).toEqual(given);
    expect(await givenBack()).toEqual([9000]);
  });

  it('gives back once when the answer is lost', async () => {
    const intent = await pay();
    await behave('lose-answer');
    await expect(stripe().refund(refund(intent), first)).rejects.toThrow(ProviderAway);
    await behave('normal');
    expect(await stripe().refund(refund(intent), again)).toEqual(refunded);
    expect(await givenBack()).toEqual([9000]);
  });

  it('hears a definite no, and succeeds with a new attempt', async () => {
    const intent = await pay();
    await behave('refuse-refunds');
    const refused = { outcome: 'refused', reason: 'insufficient_funds' };
    expect(await stripe().refund(refund(intent), first)).toEqual(refused);
    expect(await stripe().refund(refund(intent, 2), first)).toEqual(refused);
    await behave('normal');
    expect(await stripe().refund(refund(intent), again)).toEqual(refused);
    expect(await stripe().refund(refund(intent, 3), first)).toEqual(refunded);
    expect(await givenBack()).toEqual([9000]);
  });

  it('waits for a refund on its way until it has arrived', async () => {
    const intent = await pay();
    await behave('hold-refunds');
    for (const tried of [first, again, again]) {
      await expect(stripe().refund(refund(intent), tried)).rejects.toThrow('found pending');
    }
    await behave('normal');
    expect(await stripe().refund(refund(intent), again)).toEqual(refunded);
    expect(await givenBack()).toEqual([9000]);
  });

  it('hears that a refund which was accepted has failed by itself, and tries another', async () => {
    const intent = await pay();
    await behave('hold-refunds');
    await expect(stripe().refund(refund(intent), first)).rejects.toThrow('found pending');
    await behave('refuse-refunds');
    const refused = { outcome: 'refused', reason: 'insufficient_funds' };
    expect(await stripe().refund(refund(intent), again)).toEqual(refused);
    await behave('normal');
    expect(await stripe().refund(refund(intent, 2), first)).toEqual(refunded);
    expect(await givenBack()).toEqual([9000]);
  });

  it('finds what somebody else gave back', async () => {
    const intent = await pay();
    const response = await fetch(`${provider.url}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: new URLSearchParams({ payment_intent: intent }),
    });
    const { id } = JSON.parse(await response.text());
    const found = { outcome: 'refunded', receipt: id };
    expect(await stripe().refund(refund(intent), first)).toEqual(found);
  });

  it('is refused when there is nothing to give back', async () => {
    const intent = await prepare();
    expect(await stripe().refund(refund(intent), first)).toEqual({
      outcome: 'refused',
      reason: 'invalid_request_error',
    });
  });
});

describe('a provider that does not answer with an outcome', () => {
  const every = {
    prepare: (stripe: ReturnType<typeof stripeProvider>) => stripe.prepare({ bookingId, amount }),
    confirm: (stripe: ReturnType<typeof stripeProvider>) =>
      stripe.confirm(attempt('pi_1', 'pm_card_visa'), again),
    cancel: (stripe: ReturnType<typeof stripeProvider>) =>
      stripe.cancel({ bookingId, amount, intent: 'pi_1' }),
    refund: (stripe: ReturnType<typeof stripeProvider>) => stripe.refund(refund('pi_1'), first),
  };
  const calls = Object.entries(every);

  it.each(calls)('is down: %s throws', async (_name, call) => {
    await behave('down');
    await expect(call(stripe())).rejects.toThrow(/StripeAPIError 503; try again later/);
  });

  it.each(calls)('is not there: %s throws', async (_name, call) => {
    const away = stripe();
    await provider.close();
    await expect(call(away)).rejects.toThrow(/StripeConnectionError; try again later/);
    provider = await startProvider({ host, port: 0, dataDir });
  });

  it.each(calls)('refuses the key: %s throws, and does not tell it', async (_name, call) => {
    const wrong = stripeProvider({ apiUrl: provider.url, apiKey: 'sk_live_x', timeoutMs: 5000 });
    const error: unknown = await call(wrong).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderAway);
    expect(error).toMatchObject({
      message: expect.stringMatching(/check STRIPE_API_KEY$/),
      cause: { statusCode: 401 },
    });
    expect(String(error)).not.toContain('sk_live_x');
  });

  describe('but with something else', () => {
    let server: Server;
    const answering = async (status: number, body: string): Promise<string> => {
      server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((resolve) => server.listen(0, host, resolve));
      return `http://${host}:${(server.address() as AddressInfo).port}`;
    };
    const client = async (status: number, body: unknown) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return stripeProvider({ apiUrl: await answering(status, text), apiKey, timeoutMs: 5000 });
    };
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    it.each([
      [
        'too many requests',
        429,
        { error: { type: 'invalid_request_error', code: 'lock_timeout' } },
      ],
      ['a failure', 500, { error: { type: 'api_error' } }],
      ['a page', 502, '<html>'],
      ['a key used otherwise', 400, { error: { type: 'idempotency_error' } }],
      ['no permission', 403, { error: { type: 'invalid_request_error' } }],
    ])('%s: all throw', async (_what, status, body) => {
      const stripe = await client(status, body);
      for (const [, call] of calls) await expect(call(stripe)).rejects.toThrow(ProviderAway);
    });

    it('a payment on its way: neither paid nor not', async () => {
      const stripe = await client(200, { id: 'pi_1', status: 'processing' });
      await expect(every.confirm(stripe)).rejects.toThrow('found processing');
    });

    it.each([
      ['succeeded', { outcome: 'refunded', receipt: 're_1' }],
      ['canceled', { outcome: 'refused', reason: 'unknown' }],
    ])('a refund that is %s', async (status, outcome) => {
      expect(await every.refund(await client(200, { id: 're_1', status }))).toEqual(outcome);
    });

    it.each(['pending', 'requires_action'])('a refund on its way, %s', async (status) => {
      const refunding = every.refund(await client(200, { id: 're_1', status }));
      await expect(refunding).rejects.toThrow(`found ${status}`);
    });
  });
});

describe('a payment', () => {
  it('goes on when the provider was started again', async () => {
    const intent = await prepare();
    await provider.close();
    provider = await startProvider({ host, port: 0, dataDir });
    expect(await prepare()).toBe(intent);
    expect(await stripe().confirm(attempt(intent, 'pm_card_visa'), again)).toEqual(paid(intent));
  });
});
