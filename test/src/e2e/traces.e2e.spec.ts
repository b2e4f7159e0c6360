import { jest } from '@jest/globals';
import { system } from '../system.ts';
import { describeTraces } from '../traces/traces.ts';

jest.setTimeout(60_000);

describeTraces(system);
