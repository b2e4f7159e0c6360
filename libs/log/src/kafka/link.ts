import { LogRefused, LogUnavailable } from '../log.ts';
import { type Client, openClient } from './client.ts';
import { isRefusal, rootOf } from './errors.ts';
import type { Settings } from './settings.ts';
import { endsWithin } from './waiting.ts';

/** A connection that is made when it is needed, and made anew after it failed. */
export interface Link<Api> {
  /**
   * @param doing what is done, for the message
   * @throws {LogUnavailable} after the limits of a connection and of a call at the latest
   * @throws {LogRefused} with Kafka's reason
   */
  call<Result>(doing: string, use: (api: Api) => Promise<Result>): Promise<Result>;
  close(): void;
}

/** What kafkajs makes of a client. */
export type Connect<Api> = (client: Client) => Promise<Api>;

export const openLink = <Api>(settings: Settings, connect: Connect<Api>): Link<Api> => {
  const { brokers, limits } = settings;
  let current: { readonly client: Client; readonly api: Promise<Api> } | null = null;
  let closed = false;

  const begin = (): NonNullable<typeof current> => {
    const client = openClient(settings);
    return { client, api: connect(client) };
  };

  const discard = (link: NonNullable<typeof current>): void => {
    if (current === link) current = null;
    // What it still does ends with its sockets, so that nothing of it happens after it was given up.
    link.client.close();
  };

  return {
    async call(doing, use) {
      if (closed) throw new LogUnavailable('The log was closed.');
      const link = (current ??= begin());
      const result = link.api.then(use);
      try {
        // To connect is several requests: what is asked for has its time from there on.
        if (!(await endsWithin(limits.connectMs, link.api)))
          throw new Error(`no connection within ${limits.connectMs} ms`);
        if (await endsWithin(limits.requestMs, result)) return await result;
        throw new Error(`no answer within ${limits.requestMs} ms`);
      } catch (error) {
        const { message } = rootOf(error);
        if (isRefusal(error))
          throw new LogRefused(`Kafka refused (${doing}): ${message}`, { cause: error });
        discard(link);
        // Its own rejection comes when nobody waits for it any more.
        result.catch(() => {});
        throw new LogUnavailable(
          `Kafka at ${brokers.join()} is unavailable (${doing}): ${message}`,
          { cause: error },
        );
      }
    },
    close() {
      closed = true;
      if (current) discard(current);
    },
  };
};
