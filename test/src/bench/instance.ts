/** The four services in a process of their own, until SIGTERM. */
import process from 'node:process';
import { openHouse } from './house.ts';

const { KAFKA_BROKERS = '', MONGODB_URL = '' } = process.env;
const house = await openHouse({ where: { KAFKA_BROKERS, MONGODB_URL }, share: 'services' });
process.once('SIGTERM', () => void house.close().then(() => process.exit(0)));
process.send?.('open');
