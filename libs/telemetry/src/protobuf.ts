/** Protobuf's wire types that are written here. Source: https://protobuf.dev/programming-guides/encoding/ */
const wireTypes = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** What stands before a field: its number and how it is written. Of one or two bytes. */
export const tag = (number: number, type: keyof typeof wireTypes): number =>
  (number << 3) | wireTypes[type];

/** A message of protobuf that is being written; each call appends, and returns the same. */
export interface Bytes {
  /** A whole number, not negative, not above 2^53. */
  varint(field: number, value: number): Bytes;
  double(field: number, value: number): Bytes;
  /** A moment in milliseconds, as nanoseconds, exact to the microsecond. */
  nanoseconds(field: number, ms: number): Bytes;
  text(field: number, value: string): Bytes;
  /** Bytes, given as hex digits. */
  hex(field: number, digits: string): Bytes;
  /** Begins a message in it: so many bytes follow. */
  sized(field: number, length: number): Bytes;
  /** A message in it, which begins anew. */
  nested(field: number, message: Bytes): Bytes;
  /** All of another's bytes, which begins anew. */
  append(written: Bytes): Bytes;
  /** What was written before. */
  raw(written: Uint8Array): Bytes;
  length(): number;
  /** What was written; it begins anew. */
  take(): Buffer;
  /** Appends what was written to another's bytes at a place; it begins anew. */
  moveTo(target: Buffer, at: number): void;
}

/** How long a text is in UTF-8. */
export const utf8Length = (text: string): number => {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 127) return Buffer.byteLength(text);
  }
  return text.length;
};

/** How long a message is that holds one field of one byte of tag, and so many bytes in it. */
export const wrapped = (length: number): number => {
  let size = 2 + length;
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
};

/** What hex digits stand for, by their character codes. */
const nibbles = new Uint8Array(128);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  nibbles[digit.charCodeAt(0)] = nibbles[digit.toUpperCase().charCodeAt(0)] = value;
}
const nibble = (digits: string, at: number): number => nibbles[digits.charCodeAt(at) & 127] ?? 0;

/** Up to so many bytes a loop is quicker than a call that leaves JavaScript. */
const short = 64;
const high = 2 ** 32;
const firstSize = 256;
/** Of a varint, of two bytes of tag, and of a fixed number. */
const fieldAtMost = 12;

/** Begins a message. */
export const bytes = (): Bytes => {
  let buffer = Buffer.allocUnsafeSlow(firstSize);
  let at = 0;

  const reserve = (more: number): void => {
    if (at + more <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, at + more));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  };
  const number = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 128;
    buffer[at++] = rest;
  };

  const self: Bytes = {
    varint: (field, value) => {
      reserve(fieldAtMost);
      number(field);
      number(value);
      return self;
    },
    double: (field, value) => {
      reserve(fieldAtMost);
      number(field);
      at = buffer.writeDoubleLE(value, at);
      return self;
    },
    nanoseconds: (field, ms) => {
      reserve(fieldAtMost);
      number(field);
      // A number holds microseconds exactly; a thousand times as many need two.
      const micros = Math.round(ms * 1000);
      const low = (micros % high) * 1000;
      at = buffer.writeUInt32LE(low % high, at);
      at = buffer.writeUInt32LE(Math.floor(micros / high) * 1000 + Math.floor(low / high), at);
      return self;
    },
    text: (field, value) => {
      const length = utf8Length(value);
      reserve(fieldAtMost + length);
      number(field);
      number(length);
      if (length !== value.length) at += buffer.write(value, at, 'utf8');
      else if (length > short) at += buffer.write(value, at, 'latin1');
      else for (let index = 0; index < length; index += 1) buffer[at++] = value.charCodeAt(index);
      return self;
    },
    hex: (field, digits) => {
      const length = digits.length / 2;
      reserve(fieldAtMost + length);
      number(field);
      number(length);
      for (let index = 0; index < digits.length; index += 2) {
        buffer[at++] = nibble(digits, index) * 16 + nibble(digits, index + 1);
      }
      return self;
    },
    sized: (field, length) => {
      reserve(fieldAtMost + length);
      number(field);
      number(length);
      return self;
    },
    nested: (field, message) => self.sized(field, message.length()).append(message),
    append: (written) => {
      const length = written.length();
      reserve(length);
      written.moveTo(buffer, at);
      at += length;
      return self;
    },
    raw: (written) => {
      reserve(written.length);
      if (written.length > short) buffer.set(written, at);
      else
        for (let index = 0; index < written.length; index += 1)
          buffer[at + index] = written[index] ?? 0;
      at += written.length;
      return self;
    },
    length: () => at,
    take: () => {
      const taken = Buffer.allocUnsafeSlow(at);
      self.moveTo(taken, 0);
      return taken;
    },
    moveTo: (target, place) => {
      buffer.copy(target, place, 0, at);
      at = 0;
    },
  };
  return self;
};
