import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { host } from './ports.ts';

/** Which requests are meant. */
export type Picked = (request: Buffer) => boolean;

/** A way to a server that can go wrong in the ways in which networks do. On loopback. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections are open. */
  readonly connections: number;
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
   * So many answers to these requests do not arrive, their connection breaks: the server has done
   * what was asked, and nobody knows.
   */
  cutAnswers(picked: Picked, times?: number): void;
  /** Swallows these requests from now on, and passes all others. */
  mute(picked: Picked): void;
  close(): Promise<void>;
}

/** How the messages of a protocol are told apart; each begins with four bytes for its length. */
export interface Protocol {
  /** The bytes of the message that begins here. */
  readonly lengthOf: (begun: Buffer) => number;
  /** The number by which an answer names its request. */
  readonly numberOf: (request: Buffer) => number;
  readonly answered: (answer: Buffer) => number;
}

const kafka: Protocol = {
  lengthOf: (begun) => 4 + begun.readInt32BE(0),
  numberOf: (request) => request.readInt32BE(8),
  answered: (answer) => answer.readInt32BE(4),
};
/** Kafka's requests of one of these kinds, by their API keys, such as 0 for Produce. */
export const kafkaRequests =
  (...apis: readonly number[]): Picked =>
  (request) =>
    apis.includes(request.readInt16BE(4));

export const mongoProtocol: Protocol = {
  lengthOf: (begun) => begun.readInt32LE(0),
  numberOf: (request) => request.readInt32LE(4),
  answered: (answer) => answer.readInt32LE(8),
};

/** Opens a proxy before a port; the server need not be there yet. */
export const tcpProxy = async (to: number, protocol: Protocol = kafka): Promise<TcpProxy> => {
  const open = new Set<{ readonly end: () => void; isSilent: boolean }>();
  let muted: Picked = () => false;
  let toCut: { readonly picked: Picked; times: number } = { picked: () => false, times: 0 };
  let answersCut = 0;

  const server = createServer({ noDelay: true }, (client) => {
    const behind = connect({ host, port: to, noDelay: true });
    /** The requests whose answers are cut, by number. */
    const unlucky = new Set<number>();
    const end = (): void => {
      open.delete(connection);
      client.destroy();
      behind.destroy();
    };
    const connection = { end, isSilent: false };
    open.add(connection);
    for (const socket of [client, behind]) socket.on('error', end).on('close', end);

    messages(client, protocol, (request) => {
      if (connection.isSilent || muted(request)) return;
      if (toCut.picked(request)) unlucky.add(protocol.numberOf(request));
      behind.write(request);
    });
    messages(behind, protocol, (answer) => {
      if (connection.isSilent) return;
      const isCut = unlucky.delete(protocol.answered(answer)) && toCut.times > 0;
      if (!isCut) return void client.write(answer);
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
    get connections() {
      return open.size;
    },
    get answersCut() {
      return answersCut;
    },
    silence: () => open.forEach((connection) => void (connection.isSilent = true)),
    cut,
    refuse,
    accept,
    cutAnswers: (picked, times = Infinity) => void (toCut = { picked, times }),
    mute: (picked) => void (muted = picked),
    close: refuse,
  };
};

/** Each of the messages that a socket receives. */
const messages = (
  socket: Socket,
  { lengthOf }: Protocol,
  receive: (message: Buffer) => void,
): void => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= lengthOf(rest)) {
      const end = lengthOf(rest);
      receive(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  });
};
