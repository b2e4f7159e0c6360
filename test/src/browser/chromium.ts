import { accessSync, constants } from 'node:fs';
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';

export const howToInstall =
  'On Debian: apt-get install chromium. Elsewhere CHROMIUM names the executable.';

const places = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run
  }
};

/** Where this machine has a Chromium; undefined if it has none. */
export const chromiumFound = (): string | undefined =>
  places.find((path) => path !== undefined && isExecutable(path));

/** It speaks with nobody but the page: what would ask the network is off. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser of its own, with nothing in it; to be closed. */
export const startChromium = (): Promise<Browser> => {
  const executablePath = chromiumFound();
  if (executablePath === undefined) throw new Error(`expected a Chromium. ${howToInstall}`);
  return chromium.launch({ executablePath, headless: true, args: quiet });
};
