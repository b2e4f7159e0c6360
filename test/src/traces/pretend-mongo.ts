import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { BSON } from 'mongodb';

/** Says yes to whatever it is asked, in MongoDB's wire protocol, and has nothing in it. */
export interface PretendMongo {
  readonly url: string;
  close(): Promise<void>;
}

/** Of every message: its length, its number, which one it answers, and OP_MSG. */
const header = 16;
const opMsg = 2013;
/** OP_MSG's flags, and the kind of its one section. */
const prefix = 5;

const yes = () => ({
  ok: 1,
  isWritablePrimary: true,
  msg: 'isdbgrid',
  minWireVersion: 0,
  maxWireVersion: 25,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  serviceId: new BSON.ObjectId(),
  cursor: { id: BSON.Long.ZERO, ns: 'ensemble_seat.known', firstBatch: [] },
});

const answerTo = (request: Buffer): Buffer => {
  const body = BSON.serialize(yes());
  const answer = Buffer.alloc(header + prefix + body.length);
  answer.writeInt32LE(answer.length, 0);
  answer.writeInt32LE(request.readInt32LE(4), 8);
  answer.writeInt32LE(opMsg, 12);
  answer.set(body, header + prefix);
  return answer;
};

const serve = (socket: Socket): void => {
  let waiting: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= header && waiting.length >= waiting.readInt32LE(0)) {
      const length = waiting.readInt32LE(0);
      socket.write(answerTo(waiting.subarray(0, length)));
      waiting = waiting.subarray(length);
    }
  });
};

export const pretendMongo = async (): Promise<PretendMongo> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket)).on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    // Behind a balancer the driver speaks OP_MSG from the first word on, and watches nobody.
    url: `mongodb://127.0.0.1:${port}/?loadBalanced=true`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
