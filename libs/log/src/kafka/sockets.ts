import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isIP } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** The connections of one client, so that they can be cut: kafkajs waits for ever on silent ones. */
export interface Sockets {
  readonly factory: ISocketFactory;
  /** Cuts those to a broker (`host:port`); what waits for an answer there is told. */
  drop(broker: string, reason: string): void;
  /** Cuts all, and lets nobody connect any more. */
  close(): void;
}

const KEEP_ALIVE_MS = 60_000;

export const openSockets = (): Sockets => {
  const open = new Map<Socket, string>();
  let closed = false;

  const cut = (socket: Socket, reason: string): void => {
    // With an error: kafkajs does not listen for a close without one.
    socket.destroy(new Error(reason));
  };

  return {
    factory({ host, port, ssl, onConnect }) {
      if (closed) throw new Error('the client was closed');
      // kafkajs' types leave out that there may be none.
      const secure = ssl as typeof ssl | boolean | undefined;
      const server = isIP(host) === 0 ? { servername: host } : {};
      const options = { host, port, noDelay: true };
      const socket = secure
        ? connectTls({ ...options, ...server, ...(secure === true ? {} : secure) }, onConnect)
        : connectPlain(options, onConnect);
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      open.set(socket, `${host}:${port}`);
      socket.once('close', () => open.delete(socket));
      return socket;
    },
    drop(broker, reason) {
      for (const [socket, to] of open) if (to === broker) cut(socket, reason);
    },
    close() {
      closed = true;
      for (const socket of open.keys()) cut(socket, 'the client was closed');
    },
  };
};
