/**
 * Who changes something says so by a token, typed once and kept as long as the window is open: in
 * sessionStorage, never in an address, never sent but as a header.
 */
const key = 'ensemble-operator-token';

/** The token that was typed in this window; undefined if none was. */
export const operatorToken = (): string | undefined =>
  window.sessionStorage.getItem(key) ?? undefined;

export const rememberToken = (token: string): void => window.sessionStorage.setItem(key, token);

/** After it was refused, or when the operator goes. */
export const forgetToken = (): void => window.sessionStorage.removeItem(key);
