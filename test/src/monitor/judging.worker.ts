import { parentPort, workerData } from 'node:worker_threads';
import { judge, type Season } from './judging.ts';

parentPort?.postMessage(await judge(workerData as Season));
