import { afterEach, describe, expect, it } from '@jest/globals';
import { type Express, Router } from 'express';
import { opsProblems, opsServer } from './ops.ts';
import type { ProblemAnswer, ProblemKinds } from './problem.ts';
import { appOf, serve, type Served } from './serve.ts';

const kinds: ProblemKinds = { 'ticket.unknown': [404, 'There is no such ticket', 'Use the link.'] };
const operations = opsServer({
  status: () => new Map(),
  metrics: () => Promise.resolve(''),
  services: ['seat'],
  redrive: () => Promise.reject(new Error('nobody asks for it')),
  replay: () => Promise.reject(new Error('nobody asks for it')),
  tokens: () => [],
  failed: () => undefined,
});

let server: Served;
afterEach(() => server.stop());

describe.each<[string, Express, ProblemKinds, string]>([
  ['a server of routes', appOf(Router(), kinds), kinds, 'unknown-path'],
  ['the operations server', operations, opsProblems, 'ops.unknown'],
])('a problem of %s', (_which, app, all, code) => {
  it('has a type that leads to what it means and what to do', async () => {
    server = await serve(app, { host: '127.0.0.1', port: 0, variable: 'OPS_PORT' });
    const response = await fetch(`${server.url}/nowhere`);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(response.status).toBe(404);
    const { type, ...problem } = (await response.json()) as ProblemAnswer & { type: string };
    expect(problem).toEqual({
      status: 404,
      code,
      title: 'There is nothing here',
      detail: 'There is nothing at /nowhere.',
      advice: expect.any(String),
    });
    const page = await fetch(new URL(type, server.url));
    expect(await page.text()).toBe(`${code} (404)\n\n${problem.title}.\n${problem.advice}\n`);

    const pages = await (await fetch(`${server.url}/problems`)).text();
    const missing = Object.keys(all).filter((each) => !pages.includes(`${each} (`));
    expect(missing).toEqual([]);
    expect((await fetch(`${server.url}/problems/nothing`)).status).toBe(404);
  });
});
