import { z } from 'zod';

/** A word of a question, as it comes in an address. */
export const word = z.string().max(300).optional();
/** A moment, in milliseconds since 1970 UTC. */
export const moment = z.coerce.number().int().min(0).max(8.64e15).optional();
