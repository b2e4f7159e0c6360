import { CannotStart, type Config } from '@ensemble/host';

/** Every app there is, in the order in which they start. */
export const appNames = [
  'provider',
  'seat',
  'payment',
  'ticket',
  'notification',
  'gateway',
  'monitor',
] as const;
export type App = (typeof appNames)[number];

/** The apps that hear events, and can be given their dead letters once more. */
export const serviceNames = appNames.filter((name) => name !== 'provider' && name !== 'monitor');

/**
 * The apps that arguments name; without any, all that are needed.
 * @throws CannotStart if one is not known
 */
export const appsNamed = (
  args: readonly string[],
  { STRIPE_API_URL: stripe }: Pick<Config, 'STRIPE_API_URL'>,
): readonly App[] => {
  const strangers = args.filter((arg) => !appNames.some((name) => name === arg));
  if (strangers.length > 0) {
    throw new CannotStart(
      `There is no app ${strangers.join(', ')}: expected some of ${appNames.join(', ')}, ` +
        'or none for all',
    );
  }
  if (args.length > 0) return appNames.filter((name) => args.includes(name));
  return stripe === undefined ? appNames : appNames.filter((name) => name !== 'provider');
};
