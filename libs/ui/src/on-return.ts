/**
 * Calls back when there is reason to believe that the connection is another than it was: the
 * browser is online again (that is sure), or the page is looked at again (that may be). Until the
 * function that it returns is called.
 */
export const onReturn = (back: (isSure: boolean) => void): (() => void) => {
  const online = (): void => back(true);
  const seen = (): void => void (document.visibilityState === 'visible' && back(false));
  window.addEventListener('online', online);
  document.addEventListener('visibilitychange', seen);
  return () => {
    window.removeEventListener('online', online);
    document.removeEventListener('visibilitychange', seen);
  };
};
