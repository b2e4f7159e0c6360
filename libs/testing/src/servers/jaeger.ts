import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from './builds.ts';
import { jaegerBuild } from './needs.ts';
import { freePorts, host } from './ports.ts';
import { program } from './program.ts';

/** A Jaeger on loopback that keeps traces in memory. */
export interface Jaeger {
  /** Where it answers, and shows its page if it has one. */
  readonly url: string;
  /** Where it takes spans: OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly otlp: string;
  stop(): Promise<void>;
}

/**
 * Starts a Jaeger; resolves once it serves.
 * @param config its configuration, which asks for its host, ports and the file of its page by JAEGER_*
 */
export const jaeger = async (config: string): Promise<Jaeger> => {
  const command = join(await built(jaegerBuild), 'jaeger');
  const [port, otlpPort, grpcPort] = await freePorts(3);
  const dir = mkdtempSync(join(tmpdir(), 'ensemble-jaeger-'));
  const server = program({
    name: 'Jaeger',
    command: 'env',
    args: [
      `JAEGER_HOST=${host}`,
      `JAEGER_PORT=${port}`,
      `JAEGER_OTLP_PORT=${otlpPort}`,
      `JAEGER_GRPC_PORT=${grpcPort}`,
      `JAEGER_UI=${join(config, '../jaeger-ui.json')}`,
      command,
      `--config=${config}`,
    ],
    log: join(dir, 'log'),
    serves: 'Everything is ready',
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dir, { recursive: true });
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${host}:${port}`, otlp: `http://${host}:${otlpPort}`, stop };
};
