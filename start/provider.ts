import { CannotStart } from '@ensemble/host';
import { startProvider } from '@ensemble/provider';
import type { Kit } from './kit.ts';

/** The pretend payment provider; it goes on answering until everybody else has stopped. */
export const openProvider = async ({ config, services, addresses }: Kit): Promise<void> => {
  const { HOST: host, PROVIDER_PORT: port, ENSEMBLE_DATA: dataDir } = config;
  try {
    const provider = await startProvider({ host, port, dataDir });
    addresses.set('provider', provider.url);
    services.atEnd(() => provider.close());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CannotStart(`PROVIDER_PORT: ${reason}`, { cause });
  }
};
