import { jest } from '@jest/globals';
import { system } from '../system.ts';
import { describeTable } from './table.ts';

jest.setTimeout(150_000);

describeTable(system);
