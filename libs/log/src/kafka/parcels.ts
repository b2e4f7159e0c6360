import type { NewRecord } from '../log.ts';

/** Kafka's own per record, and then some. */
const FRAME_BYTES = 64;

/** About how many bytes a record takes on its way. */
export const bytesOf = ({ key, value, headers }: NewRecord): number => {
  let bytes = FRAME_BYTES + (value?.byteLength ?? 0);
  if (key !== null) bytes += Buffer.byteLength(key);
  for (const [name, text] of Object.entries(headers)) {
    bytes += FRAME_BYTES / 4 + Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return bytes;
};

/** Records that travel together. */
export interface Parcel {
  readonly records: readonly NewRecord[];
  readonly bytes: number;
}

/** Cuts records into parcels, in order; one that is larger than the limit goes alone. */
export const parcels = (records: readonly NewRecord[], limitBytes: number): Parcel[] => {
  const cut: { records: NewRecord[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = bytesOf(record);
    const last = cut.at(-1);
    if (last === undefined || last.bytes + bytes > limitBytes) {
      cut.push({ records: [record], bytes });
    } else {
      last.records.push(record);
      last.bytes += bytes;
    }
  }
  return cut;
};

/** Refuses what no request could carry. */
export const mustFit = (record: NewRecord, limitBytes: number): void => {
  const bytes = bytesOf(record);
  if (bytes <= limitBytes) return;
  throw new Error(
    `A record for topic "${record.topic}" has ${bytes} bytes, at most ${limitBytes} are taken: ` +
      'put what is large elsewhere and refer to it.',
  );
};
