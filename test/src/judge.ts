/**
 * Plays healthy bookings on the stage and has the monitor judge them: `npm run judge [-- --seeds 340]`.
 * Exits with 1 if it says anything against one of them.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { healthy, judged } from './monitor/in-threads.ts';

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '340' } } });
const seeds = Number(values.seeds);
if (!Number.isInteger(seeds) || seeds < 1) {
  console.error('expected a whole number: npm run judge -- --seeds 340');
  process.exit(2);
}
const { bookings, verdicts, unfinished } = await judged(seeds, healthy);
console.log(`${bookings} healthy bookings, ${verdicts.length} verdicts`);
for (const words of [...verdicts, ...unfinished]) console.log(words);
process.exit(verdicts.length + unfinished.length === 0 ? 0 : 1);
