/**
 * Plays seeds on the stage: `npm run simulate -- --seeds 1000 [--from 1] [--trace]`. Exits with 1
 * if one fails.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { play } from './stage/play.ts';
import { report } from './stage/seeds.ts';
import { inThreads } from './stage/threads.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const [from, seeds] = [Number(values.from), Number(values.seeds)];
if (!Number.isInteger(from) || !Number.isInteger(seeds) || seeds < 1) {
  console.error('expected whole numbers: npm run simulate -- --seeds 1000 --from 1 [--trace]');
  process.exit(2);
}

if (values.trace) {
  for (let seed = from; seed < from + seeds; seed += 1) {
    await play(seed, { onTrace: (line) => console.log(line) }).then(
      ({ fingerprint, steps }) =>
        console.log(`seed ${seed}: all holds (${steps} steps, ${fingerprint})`),
      (error: Error) => {
        console.log(`seed ${seed}: ${error.message}`);
        process.exitCode = 1;
      },
    );
  }
} else {
  const began = performance.now();
  const season = await inThreads(from, seeds);
  const seconds = (performance.now() - began) / 1000;

  const table = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([what, times]) => `${String(times).padStart(9)}  ${what}`).join('\n');
  for (const failure of season.failures) console.log(`${await report(failure)}\n`);
  console.log(`How often each fault struck\n${table(season.faults)}\n`);
  console.log(`In how many seeds each rare state was reached\n${table(season.rare)}\n`);
  const { steps, simulatedMs, failures, kinds } = season;
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  const kindsEach = (kinds / season.seeds).toFixed(1);
  const pace = (season.seeds / seconds).toFixed(1);
  console.log(
    `${season.seeds} seeds, ${failures.length} failed; ${kindsEach} kinds of faults each; ` +
      `${steps} steps and ${hours} simulated hours in ${seconds.toFixed(1)} s, ${pace} seeds/s`,
  );
  if (failures.length > 0) process.exitCode = 1;
}
