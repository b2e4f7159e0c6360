import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { route } from './route.ts';
import { pageRoutes, wayToRoot } from './serve.ts';

let folder: string;
let server: Server;
let url: string;

const person = { Accept: 'text/html,*/*' };
const ask = async (path: string, headers: Record<string, string> = person) => {
  const response = await fetch(url + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ensemble-served-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<html><head><title>Hi</title></head></html>');
  writeFileSync(join(folder, 'assets/main-1.js'), '"hi";');
  const routes = pageRoutes(Promise.resolve(folder), [route('/'), route('/shows/:id')]);
  server = createServer(express().use(routes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a page that is served', () => {
  it.each([
    ['/', './'],
    ['/operator', './'],
    ['/shows/hamlet', '../'],
    ['/shows/hamlet/', '../../'],
  ])('knows the way from %s to its root', (path, way) => expect(wayToRoot(path)).toBe(way));

  it('is at its addresses, and finds its files under whatever prefix', async () => {
    const { status, headers, text } = await ask('/shows/hamlet');
    expect(status).toBe(200);
    expect(text).toContain('<head><base href="../"><title>');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is shown to a person elsewhere too, as not found, and to no program', async () => {
    expect(await ask('/nowhere')).toMatchObject({
      status: 404,
      text: expect.stringContaining('Hi'),
    });
    expect((await ask('/nowhere', { Accept: '*/*' })).text).not.toContain('Hi');
    expect((await ask('/nowhere', { Accept: 'application/json' })).text).not.toContain('Hi');
  });

  it('has files that never change, and none that are not there', async () => {
    for (const encoding of ['gzip', 'identity']) {
      const { text, headers } = await ask('/assets/main-1.js', { 'Accept-Encoding': encoding });
      expect(text).toBe('"hi";');
      expect(headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null);
      expect(headers.get('content-type')).toMatch(/^text\/javascript/);
      expect(headers.get('cache-control')).toMatch(/max-age=31536000, immutable/);
      expect(headers.get('vary')).toBe('Accept-Encoding');
    }
    expect((await ask('/assets/none.js')).status).toBe(404);
  });
});
