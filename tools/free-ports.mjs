/** Prints as many ports that are free on this machine as it is asked for. */
import { createServer } from 'node:net';

const servers = Array.from({ length: Number(process.argv[2]) }, () => createServer());
await Promise.all(
  servers.map((server) => new Promise((listening) => server.listen(0, '127.0.0.1', listening))),
);
console.log(servers.map((server) => server.address().port).join(' '));
servers.forEach((server) => server.close());
