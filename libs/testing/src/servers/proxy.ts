import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { host } from './ports.ts';

/** A way to a server that can go wrong in the ways in which networks do. On loopback. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections were broken instead of passing an answer on. */
  readonly answersCut: number;
  /** The connections there are go silent for ever: whatever is sent on them is swallowed. */
  silence(): void;
  /** The connections there are break. */
  cut(): void;
  /** Lets nobody connect any more; the connections there are break. */
  refuse(): Promise<void>;
  /** Lets connect again. */
  accept(): Promise<void>;
  /**
   * So many answers of Kafka to requests of one kind do not arrive, their connection breaks: the
   * broker has done what was asked, and nobody knows.
   * @param api Kafka's key of the kind of request, such as 0 for Produce
   */
  cutAnswers(api: number, times: number): void;
  /** Swallows Kafka requests of these kinds from now on, and passes all others. */
  mute(...apis: readonly number[]): void;
  close(): Promise<void>;
}

/** Opens a proxy before a port; the server need not be there yet. */
export const tcpProxy = async (to: number): Promise<TcpProxy> => {
  const open = new Set<{ readonly end: () => void; isSilent: boolean }>();
  let muted: readonly number[] = [];
  let toCut = { api: -1, times: 0 };
  let answersCut = 0;

  const server = createServer({ noDelay: true }, (client) => {
    const behind = connect({ host, port: to, noDelay: true });
    /** Kinds of the requests that were not answered yet, by their correlation id. */
    const asked = new Map<number, number>();
    const end = (): void => {
      open.delete(connection);
      client.destroy();
      behind.destroy();
    };
    const connection = { end, isSilent: false };
    open.add(connection);
    for (const socket of [client, behind]) socket.on('error', end).on('close', end);

    frames(client, (frame) => {
      const api = frame.readInt16BE(4);
      asked.set(frame.readInt32BE(8), api);
      if (!connection.isSilent && !muted.includes(api)) behind.write(frame);
    });
    frames(behind, (frame) => {
      const id = frame.readInt32BE(4);
      const api = asked.get(id);
      asked.delete(id);
      if (connection.isSilent) return;
      if (api !== toCut.api || toCut.times === 0) return void client.write(frame);
      toCut.times -= 1;
      answersCut += 1;
      end();
    });
  });

  let port = 0;
  const accept = async (): Promise<void> => {
    server.listen(port, host);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const cut = (): void => open.forEach(({ end }) => end());
  const refuse = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };

  await accept();
  return {
    port,
    get answersCut() {
      return answersCut;
    },
    silence: () => open.forEach((connection) => void (connection.isSilent = true)),
    cut,
    refuse,
    accept,
    cutAnswers: (api, times) => void (toCut = { api, times }),
    mute: (...apis) => void (muted = apis),
    close: refuse,
  };
};

/** Each of Kafka's messages that a socket receives, with the four bytes of its length. */
const frames = (socket: Socket, receive: (frame: Buffer) => void): void => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      receive(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
};
