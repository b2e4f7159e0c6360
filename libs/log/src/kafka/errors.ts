/** The innermost error that says what Kafka objected to, or the innermost at all. */
export const rootOf = (error: unknown): Error & { readonly type?: string } => {
  if (!(error instanceof Error)) return new Error(String(error));
  const typed: Error & { readonly type?: string; readonly errors?: readonly unknown[] } = error;
  if (typed.type !== undefined) return typed;
  if (typed.cause !== undefined) return rootOf(typed.cause);
  return typed.errors?.[0] === undefined ? typed : rootOf(typed.errors[0]);
};

/** By Kafka's name of the error. */
export const isOf = (error: unknown, ...types: readonly string[]): boolean =>
  types.includes(rootOf(error).type ?? '');

/** Kafka understood and said no: nothing of it was done, and the same again is refused again. */
export const isRefusal = (error: unknown): boolean =>
  isOf(
    error,
    'MESSAGE_TOO_LARGE',
    'RECORD_LIST_TOO_LARGE',
    'INVALID_RECORD',
    'INVALID_TOPIC_EXCEPTION',
    'INVALID_CONFIG',
    'INVALID_PARTITIONS',
    'INVALID_REPLICATION_FACTOR',
    'POLICY_VIOLATION',
    'TOPIC_ALREADY_EXISTS',
    'TOPIC_AUTHORIZATION_FAILED',
    'GROUP_AUTHORIZATION_FAILED',
    'CLUSTER_AUTHORIZATION_FAILED',
    // Rights are given to a broker that asks nobody for them.
    'SECURITY_DISABLED',
  );
