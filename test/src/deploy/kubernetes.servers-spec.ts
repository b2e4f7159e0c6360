import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { variablesTable } from '@ensemble/host';
import { readKustomization, root, validateObjects } from './reading.ts';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly envFrom: readonly { readonly secretRef?: { readonly name: string } }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: unknown;
  readonly resources: unknown;
}
interface Pods {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly [Container];
    readonly enableServiceLinks: boolean;
    readonly terminationGracePeriodSeconds: number;
    readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number };
  };
}
interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: Pods;
    readonly selector?: { readonly matchLabels?: unknown };
  };
}

const folder = 'deploy/kubernetes';
const secrets = join(root, folder, 'secrets.example.yaml');
/** The oldest that has each field that is used, the newest that there is a schema of. */
const versions = ['1.29', '1.37'];
const variables = new Set([...variablesTable().matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
const apps = ['gateway', 'seat', 'payment', 'ticket', 'notification', 'monitor'];

const dir = mkdtempSync(join(tmpdir(), 'ensemble-'));
afterAll(() => rmSync(dir, { recursive: true }));

let objects: readonly KubernetesObject[];
beforeAll(async () => {
  objects = await readKustomization<KubernetesObject>(folder);
}, 240_000);

const deployments = () => objects.filter(({ kind }) => kind === 'Deployment');
const podsOf = (app: string): Pods =>
  deployments().find(({ metadata }) => metadata.name === `ensemble-${app}`)!.spec!.template!;

describe('on Kubernetes', () => {
  it.each(versions)('every object is one of version %s', async (version) => {
    const files = objects.map((object, index) => {
      const file = join(dir, `${index}.yaml`);
      writeFileSync(file, JSON.stringify(object));
      return file;
    });
    const passed = await validateObjects([...files, secrets], version);
    expect(passed.length).toBe(files.length + readFileSync(secrets, 'utf8').split('\n---').length);
  });

  it('an object with a field that does not exist is found', async () => {
    const file = join(dir, 'wrong.yaml');
    const [deployment] = deployments();
    writeFileSync(file, JSON.stringify({ ...deployment, sped: {} }));
    await expect(validateObjects([file], '1.37')).rejects.toThrow(/sped/);
  });

  it('each app has one deployment, which is told which app it is', () => {
    expect(deployments().map(({ metadata }) => metadata.name)).toEqual(
      apps.map((app) => `ensemble-${app}`),
    );
    for (const app of apps) {
      const { metadata, spec } = podsOf(app);
      expect(metadata.labels['app.kubernetes.io/name']).toBe(app);
      expect(spec.containers[0].args).toEqual(['start/main.ts', '$(APP)']);
    }
  });

  it('each app selects its own pods, and has secrets of its own', () => {
    for (const app of apps) {
      const mine = objects.filter(({ metadata }) => metadata.name === `ensemble-${app}`);
      const selected = mine.flatMap(({ spec }) => spec?.selector?.matchLabels ?? []);
      expect(selected.length).toBeGreaterThanOrEqual(2);
      for (const labels of selected) expect(podsOf(app).metadata.labels).toMatchObject(labels);
      const [, { secretRef } = {}] = podsOf(app).spec.containers[0].envFrom;
      expect(secretRef?.name).toBe(`ensemble-${app}`);
      expect(readFileSync(secrets, 'utf8')).toContain(`name: ensemble-${app}\n`);
    }
  });

  it('every variable is one that the apps know', () => {
    const given = [
      ...objects.flatMap(({ kind, data = {} }) => (kind === 'ConfigMap' ? Object.keys(data) : [])),
      ...apps.flatMap((app) => podsOf(app).spec.containers[0].env ?? []).map(({ name }) => name),
      ...[...readFileSync(secrets, 'utf8').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name),
    ];
    expect(given.filter((name) => !variables.has(name) && name !== 'APP')).toEqual([]);
  });

  it('each app is watched, may write nothing but its data, and gets its time to end', () => {
    for (const app of apps) {
      const { spec } = podsOf(app);
      const [container] = spec.containers;
      expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 'ops' });
      expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'ops' });
      expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'ops' });
      expect(container.resources).toMatchObject({ requests: {}, limits: {} });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      // 5 s until nobody sends requests, 5 s to end.
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(10);
      // A service's address must not pass for a variable of ours.
      expect(spec.enableServiceLinks).toBe(false);
    }
  });
});
