/**
 * Gives a service its dead letters once more: `npm run redrive -- <service> [--id <id>]`, on a
 * running system and on a stopped one.
 */
import process from 'node:process';
import { redrive, type Redriven, runCommand } from '@ensemble/host';
import { operate, orderOf } from './operate.ts';

const usage = 'npm run redrive -- <service> [--id <event id, or topic/partition/offset>]';

await runCommand(async () => {
  const order = orderOf(process.argv.slice(2), usage);
  const done = await operate('redrive', order, ({ log }) => redrive(log, order.service, order));
  const { service, count, letters, skipped } = done as Redriven;
  for (const { id, type, position } of letters) console.log(`${position}  ${type}  ${id}`);
  if (order.id !== undefined && count === 0) {
    console.log(`${service} has no dead letter ${order.id}: expected an event's or to-do's id, or`);
    console.log('where it stood first, as topic/partition/offset');
    process.exitCode = 1;
    return;
  }
  console.log(
    `${service}: ${count} redriven, ${skipped} had been before` +
      (skipped > 0 ? ' (--id puts one of them back again)' : ''),
  );
});
