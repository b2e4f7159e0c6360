import {
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoServerSelectionError,
} from 'mongodb';
import { StoreUnavailable } from '../store.ts';

/** Codes that say what a person can do. */
const causes: Readonly<Record<number, string>> = {
  13: 'this user may not do that. Give it the role readWrite on this database.',
  18: 'it refuses this user. Check the name, the password and authSource in the URL.',
  85: 'an index of another kind is there. Give another database.',
  86: 'an index of another kind is there. Give another database.',
};

/** Makes clear errors of what the driver throws; others, which are our mistakes, pass as they are. */
export const unavailability =
  (store: string) =>
  (error: unknown): unknown => {
    const isOfTheServer = error instanceof MongoError;
    if (!isOfTheServer || error instanceof MongoInvalidArgumentError) return error;
    return new StoreUnavailable(`The store ${store} is unavailable: ${causeOf(error)}`, {
      cause: error,
    });
  };

const causeOf = (error: MongoError): string => {
  if (error instanceof MongoServerSelectionError) {
    return `no primary answers (${error.message}). Start it, or check the URL.`;
  }
  if (error instanceof MongoNetworkError) return `the connection broke (${error.message}).`;
  return causes[Number(error.code)] ?? error.message;
};
