import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startProvider } from './provider.ts';

const host = '127.0.0.1';
const bearer = 'Bearer sk_test_ensemble';
const ada = { amount: '9000', currency: 'eur', 'metadata[bookingId]': 'ada' };
const visa = { payment_method: 'pm_card_visa' };

let dataDir: string;
let provider: Awaited<ReturnType<typeof startProvider>>;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'provider-'));
  provider = await startProvider({ host, port: 0, dataDir, now: () => 1_800_000_000_000 });
});
afterEach(async () => {
  await provider.close();
  rmSync(dataDir, { recursive: true });
});

const restart = async (): Promise<void> => {
  await provider.close();
  provider = await startProvider({ host, port: 0, dataDir });
};

const reply = async (response: Response) => ({
  status: response.status,
  headers: response.headers,
  body: JSON.parse(await response.text()),
});
type Reply = Awaited<ReturnType<typeof reply>>;
const get = async (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
  reply(await fetch(provider.url + path, { headers: { authorization: bearer, ...headers } }));
const post = async (path: string, form: Record<string, string>, key?: string): Promise<Reply> => {
  const headers = { authorization: bearer, ...(key && { 'idempotency-key': key }) };
  const body = new URLSearchParams(form);
  return reply(await fetch(provider.url + path, { method: 'POST', headers, body }));
};
const behave = async (behaviour: unknown): Promise<Reply> =>
  reply(
    await fetch(`${provider.url}/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) }),
  );
const create = async (): Promise<string> => (await post('/v1/payment_intents', ada)).body.id;
const confirm = (id: string, card: string, key?: string): Promise<Reply> =>
  post(`/v1/payment_intents/${id}/confirm`, { payment_method: card }, key);
const charges = async (): Promise<unknown[]> => (await get('/charges')).body.charges;

describe('a payment intent', () => {
  it('is made without moving money', async () => {
    const { status, body } = await post('/v1/payment_intents', {
      ...ada,
      'payment_method_types[]': 'card',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'payment_intent',
      amount: 9000,
      amount_received: 0,
      created: 1_800_000_000,
      currency: 'eur',
      latest_charge: null,
      metadata: { bookingId: 'ada' },
      payment_method_types: ['card'],
      status: 'requires_payment_method',
    });
    expect(await charges()).toEqual([]);
    expect((await get(`/v1/payment_intents/${body.id}`)).body).toEqual(body);
  });

  it.each(['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex', 'pm_card_visa_debit'])(
    'is paid by %s',
    async (card) => {
      const id = await create();
      const { status, body } = await confirm(id, card);
      expect([status, body.status, body.amount_received]).toEqual([200, 'succeeded', 9000]);
      expect(await charges()).toEqual([
        expect.objectContaining({
          id: body.latest_charge,
          payment_intent: id,
          metadata: { bookingId: 'ada' },
          amount: 9000,
          currency: 'eur',
          amount_refunded: 0,
        }),
      ]);
      expect((await get(`/v1/charges/${body.latest_charge}`)).body.paid).toBe(true);
    },
  );

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded'],
    ['pm_card_visa_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('is declined for %s: %s, %s', async (card, code, decline_code) => {
    const id = await create();
    const { status, body } = await confirm(id, card);
    expect(status).toBe(402);
    expect(body.error).toMatchObject({
      type: 'card_error',
      code,
      decline_code,
      charge: expect.stringMatching(/^ch_/),
      payment_intent: {
        id,
        status: 'requires_payment_method',
        latest_charge: body.error.charge,
        last_payment_error: { code, decline_code, charge: body.error.charge },
      },
    });
    expect(await charges()).toEqual([]);
  });

  it('is declined without a charge when the card wants consent', async () => {
    const { status, body } = await confirm(await create(), 'pm_card_authenticationRequired');
    expect([status, body.error.code]).toEqual([402, 'authentication_required']);
    expect(body.error).not.toHaveProperty('charge');
  });

  it('takes a good card after a bad one', async () => {
    const id = await create();
    await confirm(id, 'pm_card_visa_chargeDeclined');
    const { body } = await confirm(id, 'pm_card_visa');
    expect([body.status, body.last_payment_error]).toEqual(['succeeded', null]);
    expect(await charges()).toHaveLength(1);
  });

  it('is not charged twice, nor once it was cancelled', async () => {
    const [paid, cancelled] = [await create(), await create()];
    await confirm(paid, 'pm_card_visa');
    await post(`/v1/payment_intents/${cancelled}/cancel`, {});
    for (const id of [paid, cancelled]) {
      for (const reply of [
        await confirm(id, 'pm_card_visa'),
        await post(`/v1/payment_intents/${id}/cancel`, {}),
      ]) {
        expect([reply.status, reply.body.error.code]).toEqual([
          400,
          'payment_intent_unexpected_state',
        ]);
        expect(reply.body.error.payment_intent.id).toBe(id);
      }
    }
    expect(await charges()).toHaveLength(1);
  });

  it('and a card that nobody knows are missing', async () => {
    const unknown = await confirm('pi_unknown', 'pm_card_visa');
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'resource_missing']);
    const card = await confirm(await create(), 'pm_card_of_nobody');
    expect([card.status, card.body.error.code, card.body.error.param]).toEqual([
      400,
      'resource_missing',
      'payment_method',
    ]);
    expect((await get('/v1/payment_intents/pi_unknown')).status).toBe(404);
  });
});

describe('a refund', () => {
  const refund = (id: string, more: Record<string, string> = {}): Promise<Reply> =>
    post('/v1/refunds', { payment_intent: id, ...more });
  const paid = async (): Promise<string> => {
    const id = await create();
    await confirm(id, 'pm_card_visa');
    return id;
  };

  it('gives back part by part, and no more than there was', async () => {
    const id = await paid();
    expect((await refund(id, { amount: '4000' })).body.status).toBe('succeeded');
    expect((await refund(id, { amount: '6000' })).body.error.param).toBe('amount');
    expect((await refund(id)).body.amount).toBe(5000);
    expect((await refund(id)).body.error.code).toBe('charge_already_refunded');
    expect(await charges()).toMatchObject([{ amount_refunded: 9000, refunded: true }]);
    const { body } = await get(`/v1/refunds?payment_intent=${id}`);
    expect(body).toMatchObject({ object: 'list', has_more: false });
    expect(body.data.map(({ amount }: { amount: number }) => amount)).toEqual([5000, 4000]);
    const one = await get(`/v1/refunds?payment_intent=${id}&limit=1`);
    expect([one.body.data.length, one.body.has_more]).toEqual([1, true]);
  });

  it('needs a charge', async () => {
    expect((await refund(await create())).body.error.type).toBe('invalid_request_error');
    expect((await refund('pi_unknown')).body.error.code).toBe('resource_missing');
  });

  it('fails while refunds are refused, and works later', async () => {
    const id = await paid();
    await behave({ mode: 'refuse-refunds' });
    expect((await refund(id)).body).toMatchObject({
      status: 'failed',
      failure_reason: 'insufficient_funds',
    });
    expect(await charges()).toMatchObject([{ amount_refunded: 0, refunded: false }]);
    await behave({ mode: 'normal' });
    expect((await refund(id)).body.status).toBe('succeeded');
    expect(await charges()).toMatchObject([{ amount_refunded: 9000 }]);
  });

  it.each([
    ['arrives when all is normal again', 'normal', 'succeeded', 9000],
    ['fails by itself when refunds are refused', 'refuse-refunds', 'failed', 0],
    ['stays on its way while the provider is down', 'down', 'pending', 9000],
  ])('that is held %s', async (_what, mode, status, amount) => {
    const id = await paid();
    await behave({ mode: 'hold-refunds' });
    const { body } = await refund(id, { 'metadata[attempt]': '1' });
    expect(body).toMatchObject({ status: 'pending', metadata: { attempt: '1' } });
    expect((await refund(id)).body.error.code).toBe('charge_already_refunded');
    await behave({ mode });
    expect(await charges()).toMatchObject([{ amount_refunded: amount, refunded: amount > 0 }]);
    await behave({ mode: 'hold-refunds' });
    const { body: list } = await get(`/v1/refunds?payment_intent=${id}`);
    expect(list.data).toMatchObject([{ id: body.id, status }]);
  });
});

describe('an idempotency key', () => {
  it('gets the stored answer again, a decline too', async () => {
    const id = await create();
    const first = await confirm(id, 'pm_card_visa_chargeDeclined', 'ada/1');
    const paid = await confirm(id, 'pm_card_visa', 'ada/2');
    expect(first.headers.get('idempotent-replayed')).toBe(null);
    for (const [card, key, stored] of [
      ['pm_card_visa_chargeDeclined', 'ada/1', first],
      ['pm_card_visa', 'ada/2', paid],
    ] as const) {
      const again = await confirm(id, card, key);
      expect([again.status, again.body]).toEqual([stored.status, stored.body]);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
    }
    expect(await charges()).toHaveLength(1);
  });

  it('is for one request: other parameters or another path are an error', async () => {
    const id = await create();
    await confirm(id, 'pm_card_visa_chargeDeclined', 'ada/1');
    for (const other of [
      await confirm(id, 'pm_card_visa', 'ada/1'),
      await post('/v1/payment_intents', ada, 'ada/1'),
    ]) {
      expect([other.status, other.body.error.type]).toEqual([400, 'idempotency_error']);
    }
    expect(await charges()).toEqual([]);
  });

  it('is locked while its request is in flight', async () => {
    const id = await create();
    await behave({ mode: 'slow', delayMs: 60_000 });
    const both = [confirm(id, 'pm_card_visa', 'ada/1'), confirm(id, 'pm_card_visa', 'ada/1')];
    const locked = await Promise.race(both);
    expect([locked.status, locked.body.error.code]).toEqual([409, 'idempotency_key_in_use']);
    await behave({ mode: 'normal' });
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 409]));
    expect(await charges()).toHaveLength(1);
  });

  it('is not used up by a request that makes no sense', async () => {
    const { body } = await post('/v1/payment_intents', { amount: '9000' }, 'ada');
    expect(body.error).toMatchObject({ code: 'parameter_missing', param: 'currency' });
    expect((await post('/v1/payment_intents', ada, 'ada')).status).toBe(200);
  });
});

describe('behaviour', () => {
  const paidOnce = async (id: string): Promise<void> => {
    expect(await charges()).toMatchObject([{ payment_intent: id }]);
  };

  it('is normal at first, and says so', async () => {
    expect((await get('/behaviour')).body).toEqual({ mode: 'normal', delayMs: 3000 });
    expect((await behave({ mode: 'down' })).body).toEqual({ mode: 'down', delayMs: 3000 });
    expect((await get('/behaviour')).body.mode).toBe('down');
  });

  it.each([{ mode: 'odd' }, {}, { mode: 'slow', delayMs: -1 }, { mode: 'down', more: 1 }, 'down'])(
    'is not changed by %j',
    async (wanted) => {
      const { status, body } = await behave(wanted);
      expect([status, body.error.type]).toEqual([400, 'invalid_request_error']);
      expect((await get('/behaviour')).body.mode).toBe('normal');
    },
  );

  it('says which modes there are when it knows none', async () => {
    const { body } = await behave({ mode: 'odd' });
    expect(body.error.message).toContain(
      '"normal"|"slow"|"down"|"lose-answer"|"refuse-refunds"|"hold-refunds"',
    );
  });

  it('is told that a body is no JSON', async () => {
    const response = await fetch(`${provider.url}/behaviour`, { method: 'POST', body: '{' });
    expect(response.status).toBe(400);
  });

  it('down: does nothing and says so', async () => {
    const id = await create();
    await behave({ mode: 'down' });
    expect((await confirm(id, 'pm_card_visa', 'ada/1')).status).toBe(503);
    expect((await get(`/v1/payment_intents/${id}`)).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
    expect(await charges()).toEqual([]);
    await behave({ mode: 'normal' });
    expect((await confirm(id, 'pm_card_visa', 'ada/1')).status).toBe(200);
  });

  it('slow: answers after its delay', async () => {
    const id = await create();
    await behave({ mode: 'slow', delayMs: 30 });
    const began = performance.now();
    expect((await confirm(id, 'pm_card_visa')).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThanOrEqual(28);
    await paidOnce(id);
  });

  it('lose-answer: does the work and hangs up', async () => {
    const id = await create();
    await behave({ mode: 'lose-answer' });
    await expect(confirm(id, 'pm_card_visa', 'ada/1')).rejects.toThrow('fetch failed');
    await expect(get(`/v1/payment_intents/${id}`)).rejects.toThrow('fetch failed');
    await paidOnce(id);
    await behave({ mode: 'normal' });
    const again = await confirm(id, 'pm_card_visa', 'ada/1');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await paidOnce(id);
  });

  it('applies to requests in waiting', async () => {
    const id = await create();
    await behave({ mode: 'slow', delayMs: 60_000 });
    const turnedAway = confirm(id, 'pm_card_visa');
    await behave({ mode: 'down' });
    expect((await turnedAway).status).toBe(503);
    await behave({ mode: 'slow', delayMs: 60_000 });
    const letIn = confirm(id, 'pm_card_visa');
    await behave({ mode: 'normal' });
    expect((await letIn).status).toBe(200);
  });

  it('does not hold up the end: who waits is turned away without effect', async () => {
    const id = await create();
    await behave({ mode: 'slow', delayMs: 60_000 });
    const waiting = confirm(id, 'pm_card_visa').catch(() => 'gone');
    await get('/healthz');
    await restart();
    expect(await waiting).toBe('gone');
    expect(await charges()).toEqual([]);
  });
});

describe('the provider', () => {
  it('remembers everything when it is started again', async () => {
    const id = await create();
    const paid = await confirm(id, 'pm_card_visa', 'ada/1');
    await behave({ mode: 'slow', delayMs: 1 });
    await restart();
    expect((await get('/behaviour')).body).toEqual({ mode: 'slow', delayMs: 1 });
    const again = await confirm(id, 'pm_card_visa', 'ada/1');
    expect(again.body).toEqual(paid.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await get(`/v1/payment_intents/${id}`)).body).toEqual(paid.body);
    expect(await charges()).toHaveLength(1);
  });

  it('remembers what it answered when it is killed', async () => {
    await provider.close();
    const main = join(import.meta.dirname, 'provider.ts');
    const start = `
      import { startProvider } from ${JSON.stringify(main)};
      const options = ${JSON.stringify({ host, port: 0, dataDir })};
      process.stdout.write((await startProvider(options)).url);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', start]);
    const [url] = await once(child.stdout, 'data');
    provider = { url: String(url), close: async () => {} };
    const id = await create();
    const paid = await confirm(id, 'pm_card_visa', 'ada/1');
    child.kill('SIGKILL');
    await once(child, 'exit');
    provider = await startProvider({ host, port: 0, dataDir });
    expect((await confirm(id, 'pm_card_visa', 'ada/1')).body).toEqual(paid.body);
    expect(await charges()).toMatchObject([{ payment_intent: id, amount: 9000 }]);
  });

  it('is well, and knows nothing else', async () => {
    expect((await get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await get('/v2/anything')).status).toBe(404);
    expect((await get('/v1/customers')).status).toBe(404);
  });

  it.each(['', 'Bearer wrong', 'Basic sk_test_ensemble'])(
    'asks for a key, not for "%s"',
    async (authorization) => {
      const { status, body } = await get('/v1/payment_intents/pi_1', { authorization });
      expect([status, body.error.type]).toEqual([401, 'invalid_request_error']);
    },
  );

  it.each([
    [{ ...ada, amount: 'many' }, { param: 'amount' }],
    [{ ...ada, amount: '0' }, { param: 'amount' }],
    [{ ...ada, currency: 'euro' }, { param: 'currency' }],
    [
      { ...ada, odd: '1' },
      { code: 'parameter_unknown', param: 'odd' },
    ],
    [visa, { code: 'parameter_missing', param: 'amount' }],
  ])('refuses to make an intent of %j', async (form, error) => {
    const { status, body } = await post('/v1/payment_intents', form);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', ...error });
  });

  it('says clearly when it cannot start', async () => {
    const port = Number(new URL(provider.url).port);
    await expect(startProvider({ host, port, dataDir: join(dataDir, 'other') })).rejects.toThrow(
      `cannot listen on ${host}:${port}`,
    );
    const file = join(dataDir, 'a-file');
    writeFileSync(file, '');
    await expect(startProvider({ host, port: 0, dataDir: file })).rejects.toThrow(
      `cannot keep its books in ${join(file, 'provider.sqlite')}`,
    );
  });
});
