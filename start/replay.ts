/**
 * Builds the read models of a service anew from the whole history, and repeats nothing else:
 * `npm run replay -- <service>`, on a running system and on a stopped one.
 */
import process from 'node:process';
import { type Replayed, runCommand } from '@ensemble/host';
import { prepareGateway, startGateway } from './gateway.ts';
import { operate, orderOf } from './operate.ts';
import { replayIn } from './operations.ts';

await runCommand(async () => {
  const order = orderOf(process.argv.slice(2), 'npm run replay -- <service>');
  const replayed = await operate('replay', order, async (services, config) => {
    const replays = new Map<string, () => Promise<string>>();
    if (order.service === 'gateway') {
      await prepareGateway({ config, services });
      await startGateway({ config, services, operators: new Map(), replays });
    }
    return replayIn(replays, order.service);
  });
  const { built, done } = replayed as Replayed;
  console.log(done);
  if (!built) process.exitCode = 1;
});
