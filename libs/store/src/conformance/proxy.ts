import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A server's place on the way to it, where it can be lost. Loopback only. */
export interface Proxy {
  readonly port: number;
  /** How many connections are open. */
  readonly connections: number;
  /** The newest request that was passed on in which a text stands. */
  request(text: string): string | undefined;
  /** Lets connections in. */
  listen(): Promise<void>;
  /** Breaks all connections and refuses others. */
  refuse(): Promise<void>;
  /** Swallows whatever is sent, and holds the connections. */
  silence(): void;
  /** Passes on all that is sent from now on. */
  pass(): void;
  /** Passes on the requests that are picked, and breaks their connection when they are answered. */
  cutAnswers(picked: (request: string) => boolean): void;
}

/** Makes a proxy that refuses connections, until {@link Proxy.listen}. */
export const proxy = async (target: { host: string; port: number }): Promise<Proxy> => {
  const open = new Set<Socket>();
  const seen: string[] = [];
  let isSilent = false;
  let picked = (_request: string): boolean => false;

  const server = createServer((client) => {
    const behind = connect(target);
    let isCut = false;
    const end = (): void => {
      open.delete(client);
      client.destroy();
      behind.destroy();
    };
    open.add(client);
    for (const socket of [client, behind]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (chunk) => {
      if (isSilent) return;
      const request = chunk.toString('latin1');
      seen.push(request);
      isCut ||= picked(request);
      behind.write(chunk);
    });
    behind.on('data', (chunk) => {
      if (isCut) end();
      else if (!isSilent) client.write(chunk);
    });
  });

  let port = 0;
  const listen = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };

  await listen();
  await refuse();
  return {
    port,
    get connections() {
      return open.size;
    },
    request: (text) => seen.findLast((request) => request.includes(text)),
    listen,
    refuse,
    silence: () => {
      isSilent = true;
    },
    pass: () => {
      isSilent = false;
    },
    cutAnswers: (those) => {
      picked = those;
    },
  };
};
