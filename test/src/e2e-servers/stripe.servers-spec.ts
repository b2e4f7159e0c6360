import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProviderAway, stripeProvider } from '@ensemble/payment/stripe';
import { host, stripeMock, type StripeMock } from '@ensemble/testing/servers';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

const bookingId = '5f0c9a3be2d14c7fa1b7c0d2e3f40516';
const amount = { amount: 9000, currency: 'EUR' };
const charging = { bookingId, intent: 'pi_1', attempt: 2, card: 'pm_card_visa' };

let stripe: StripeMock;
let between: Server;
/** What passed, with the status of the answer. */
const passed: string[] = [];

beforeAll(async () => {
  stripe = await stripeMock();
  between = createServer((asked, response) => {
    const { method, url, headers } = asked;
    const onwards = request(new URL(url ?? '', stripe.url), { method, headers }, (answer) => {
      passed.push(`${method} ${url} ${answer.statusCode}`);
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    asked.pipe(onwards);
  });
  between.listen(0, host);
  await once(between, 'listening');
});
afterAll(async () => {
  between.close();
  await stripe.stop();
});
beforeEach(() => void passed.splice(0));

const url = (): string => `http://${host}:${(between.address() as AddressInfo).port}`;
const provider = () =>
  stripeProvider({ apiUrl: url(), apiKey: 'sk_test_ensemble', timeoutMs: 5_000 });

it('asks only for what Stripe accepts when it prepares a payment', async () => {
  expect(await provider().prepare({ bookingId, amount })).toEqual({
    intent: expect.stringMatching(/^pi_/),
  });
  expect(passed).toEqual(['POST /v1/payment_intents 200']);
});

// Stripe's double answers every request with the same example, a payment that is not settled.
it('and when it confirms one, after it has read back what came of an earlier try', async () => {
  const confirming = provider().confirm({ ...charging, previousCharge: null }, { tries: 1 });
  await expect(confirming).rejects.toThrow(ProviderAway);
  expect(passed).toEqual([
    'GET /v1/payment_intents/pi_1 200',
    'POST /v1/payment_intents/pi_1/confirm 200',
  ]);
});

it('and when it cancels one, known or not', async () => {
  for (const intent of ['pi_1', null]) {
    const cancelling = provider().cancel({ bookingId, amount, intent });
    await expect(cancelling).rejects.toThrow(ProviderAway);
  }
  expect(passed).toEqual([
    'POST /v1/payment_intents/pi_1/cancel 200',
    'POST /v1/payment_intents 200',
    expect.stringMatching(/^POST \/v1\/payment_intents\/pi_\w+\/cancel 200$/),
  ]);
});

it('and when it gives money back, after it has looked whether that was done', async () => {
  const args = { bookingId, intent: 'pi_1', amount };
  const given = { outcome: 'refunded', receipt: expect.stringMatching(/^re_/) };
  expect(await provider().refund({ ...args, attempt: 1 }, { tries: 0 })).toEqual(given);
  expect(await provider().refund({ ...args, attempt: 2 }, { tries: 1 })).toEqual(given);
  expect(passed).toEqual([
    'POST /v1/refunds 200',
    expect.stringMatching(/^GET \/v1\/refunds\?\S*payment_intent=pi_1\S* 200$/),
  ]);
});

it('would hear of what Stripe does not accept', async () => {
  const wrong = { amount: Number.NaN, currency: 'EUR' };
  await expect(provider().prepare({ bookingId, amount: wrong })).rejects.toThrow(ProviderAway);
  expect(passed).toEqual(['POST /v1/payment_intents 400']);
});
