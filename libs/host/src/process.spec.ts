import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from '@jest/globals';

/** Runs a process with this body for its `stop`, and ends it as soon as it is up. */
const ended = async (body: string) => {
  const entry = join(import.meta.dirname, 'process.ts');
  const script = `
    import { endInOrder } from ${JSON.stringify(entry)};
    const log = (level) => (_about, text) => console.log(level, text);
    const logger = { warn: log('warn'), fatal: log('fatal') };
    endInOrder({ stop: async () => { ${body} }, logger, say: () => undefined });
    setInterval(() => undefined, 1_000);
    process.kill(process.pid, 'SIGTERM');
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, text };
};

it('ends with 0 once everything has stopped', async () => {
  expect(await ended('')).toEqual({ code: 0, text: '' });
});

it('ends at once with 1 and one warning when something cannot be stopped', async () => {
  const began = performance.now();
  const { code, text } = await ended("throw new Error('the disk is full')");
  expect([code, text]).toEqual([1, expect.stringMatching(/^warn stopping .+\n$/)]);
  expect(performance.now() - began).toBeLessThan(4_000);
});
