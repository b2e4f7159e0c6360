/**
 * A key for what is to be done once: 32 hex digits at random. Not `randomUUID`: browsers have it only
 * where the address is https or this machine.
 */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
