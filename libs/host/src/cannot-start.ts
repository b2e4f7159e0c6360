/** The process cannot start as it was told to: the message says why and what to do. Exit code 2. */
export class CannotStart extends Error {
  readonly code: string = 'cannot-start';
  override readonly name: string = 'CannotStart';
}

/** What a system call or SQLite says about a file, as one clear sentence. */
export const cannotUse = (path: string, cause: unknown): CannotStart => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new CannotStart(
    `${path} cannot be used: ${reason}. The data directory has to be on a disk with room, ` +
      'and this user has to be allowed to write there; ENSEMBLE_DATA names another one',
    { cause },
  );
};
