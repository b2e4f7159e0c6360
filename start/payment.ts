import { urlOf } from '@ensemble/host';
import { payment } from '@ensemble/payment';
import { stripeProvider } from '@ensemble/payment/stripe';
import type { Kit } from './kit.ts';

/** Longer than any answer that is worth waiting for, in milliseconds. */
const timeoutMs = 5_000;

/** Charges by Stripe's API: the real one, or the pretend one of this machine. */
export const openPayment = ({ config, services, addresses }: Kit): void => {
  const { STRIPE_API_URL, STRIPE_API_KEY: apiKey, HOST, PROVIDER_PORT } = config;
  const pretended = addresses.get('provider') ?? urlOf(HOST, PROVIDER_PORT);
  const apiUrl = STRIPE_API_URL ?? pretended;
  services.run(payment, stripeProvider({ apiUrl, apiKey, timeoutMs }));
};
