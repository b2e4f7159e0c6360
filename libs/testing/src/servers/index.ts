/**
 * Real servers on loopback, for specs and for trying things out. What the libraries below this
 * project promise on servers that fail is tested in `test`: they cannot import it.
 */
export { type Build, built } from './builds.ts';
export { type Servers, startServers } from './both.ts';
export { jaeger, type Jaeger } from './jaeger.ts';
export { type KafkaCluster, kafkaCluster, type KafkaOptions } from './kafka.ts';
export { type MongoHandler, type MongoOptions, type MongoServer, mongoServer } from './mongo.ts';
export { endsWithThis } from './heir.ts';
export { jaegerBuild, kafkaBuild, whyNoServers } from './needs.ts';
export { freePorts, host } from './ports.ts';
export {
  type End,
  type Program,
  program,
  type ProgramOptions,
  type ServerProcess,
} from './program.ts';
export { kafkaRequests, mongoProtocol, type Picked, type TcpProxy, tcpProxy } from './proxy.ts';
export { stripeMock, type StripeMock } from './stripe-mock.ts';
