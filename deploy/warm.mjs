/**
 * Starts every app as a container does, while the image is built: nobody is there to serve, but all
 * is loaded, and Node keeps what it compiled where NODE_COMPILE_CACHE says. Ends with the exit code
 * of the process, which is 0 if that was all well.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const limitMs = 30_000;
const nobody = '127.0.0.1:1';
const { OPS_PORT = '3009' } = process.env;

// kafkajs loads a version of a request when a broker knows it.
for (const file of globSync('node_modules/kafkajs/src/protocol/requests/**/*.js')) {
  await import(resolve(file));
}

// What sends spans is loaded only where they are sent.
await import('@ensemble/telemetry/otlp');

// The pages are built here, and found built by every container.
for (const app of ['@ensemble/gateway/open', '@ensemble/monitor', '@ensemble/ticket/open']) {
  const { builtPage } = await import(app);
  await builtPage();
}

const child = spawn(process.execPath, ['start/run.mjs', 'start/main.ts'], {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, OPS_PORT, KAFKA_BROKERS: nobody, MONGODB_URL: `mongodb://${nobody}` },
});
const ended = once(child, 'exit');

const isAlive = async () => {
  try {
    return (await fetch(`http://127.0.0.1:${OPS_PORT}/healthz`)).ok;
  } catch {
    // Not yet.
    return false;
  }
};

while (!(await isAlive())) {
  if (child.exitCode !== null) process.exit(child.exitCode || 1);
  if (performance.now() > limitMs) throw new Error(`expected it to live within ${limitMs} ms`);
  await sleep(50);
}
child.kill('SIGTERM');
const [code] = await ended;
process.exitCode = code ?? 1;
