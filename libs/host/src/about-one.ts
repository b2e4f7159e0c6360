import type { Happening } from '@ensemble/choreography';

/** Happenings whose `what` is the id of one of many: there is no end of them. */
export const aboutOne: ReadonlySet<Happening> = new Set(['parked', 'unparked', 'dead', 'let-go']);
