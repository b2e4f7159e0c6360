/**
 * An error as it may stand in a log line or a span. What is quoted, or has an @ in it, may be
 * somebody's name or address: it is left out.
 */
export const reasonOf = (error: unknown): string => {
  const text =
    error instanceof Error ? error.message || error.name : typeof error === 'string' ? error : '';
  return text
    .replace(/"[^]*"/g, '"…"')
    .replace(/\S+@\S+/g, '…')
    .slice(0, 500);
};
