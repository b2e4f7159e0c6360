import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Build, placeOf } from './builds.ts';

/** The jars of Apache Kafka, in `libs`. */
export const kafkaBuild: Build = {
  name: 'kafka-4.3.0',
  sources: join(import.meta.dirname, 'kafka'),
  command: 'mvn',
  args: '-B -q -ntp -C dependency:copy-dependencies -DoutputDirectory=libs'.split(' '),
};

/** A server of MongoDB's protocol, the program `ferretdb`. */
export const ferretBuild: Build = {
  name: 'ferretdb-1.24.0',
  sources: join(import.meta.dirname, 'ferretdb'),
  command: 'go',
  args: ['build', '-trimpath', '-buildvcs=false', '-o', 'ferretdb', '.'],
};

/** Stripe's double of its API, the program `stripe-mock`. */
export const stripeMockBuild: Build = {
  name: 'stripe-mock-0.203.0',
  sources: join(import.meta.dirname, 'stripe-mock'),
  command: 'go',
  args: 'build -trimpath -buildvcs=false -o stripe-mock github.com/stripe/stripe-mock'.split(' '),
};

/** Jaeger 2, without the files of its page: the program `jaeger`. It takes minutes. */
export const jaegerBuild: Build = {
  name: 'jaeger-1.76.0',
  sources: join(import.meta.dirname, 'jaeger'),
  command: 'go',
  args: [
    ...'build -trimpath -buildvcs=false -ldflags=-s -o jaeger'.split(' '),
    'github.com/jaegertracing/jaeger/cmd/jaeger',
  ],
};

const javaNeeded = 17;

/** Why Kafka and the MongoDB-compatible server cannot run on this machine, in words; else null. */
export const whyNoServers = (): string | null => {
  const missing = [
    javaMissing(),
    ...[
      { build: kafkaBuild, tool: 'Maven (mvn)', ask: ['mvn', '--version'] },
      { build: ferretBuild, tool: 'Go (go)', ask: ['go', 'version'] },
    ].map(({ build, tool, ask }) =>
      existsSync(placeOf(build)) || said(ask) !== null ? null : `${tool}, to build ${build.name}`,
    ),
    said(['ps', '-A', '-o', 'pid=']) === null ? 'ps' : null,
  ].filter((each) => each !== null);
  return missing.length === 0 ? null : `this machine has no ${missing.join(', no ')}`;
};

const javaMissing = (): string | null => {
  const found = /version "(\d+)/.exec(said(['java', '-version']) ?? '')?.[1];
  if (found !== undefined && Number(found) >= javaNeeded) return null;
  return `Java ${javaNeeded} or newer (java), to run Kafka`;
};

/** What a command prints, or null if there is none such. */
const said = ([command = '', ...args]: readonly string[]): string | null => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout + stderr : null;
};
