import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { root } from './prepare.mjs';

// Neither Docker nor a cluster is needed: what is said in one file must agree with the others.
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const json = (file) => JSON.parse(read(file));
const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ');
const configuration = read('docs/configuration.md');

/** Of environment variables: those that the documentation of the settings does not know. */
const unknown = (names) => names.filter((name) => !configuration.includes(`\`${name}\``));

describe('the image', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
    sources.split(' '),
  );

  it('is made of files that are there and that Docker is given', () => {
    const given = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const file of copied.filter((name) => name !== '.')) {
      expect(existsSync(path.join(root, file)), file).toBe(true);
      expect(
        given.some((one) => file === one || file.startsWith(`${one}/`)),
        file,
      ).toBe(true);
    }
    for (const file of given) expect(existsSync(path.join(root, file)), file).toBe(true);
  });

  it('installs with the package.json of every member, which the lock file has', () => {
    const members = json('package.json').workspaces.map((name) => `${name}/package.json`);
    expect(copied).toEqual(expect.arrayContaining(members));
  });

  it('starts the server with its flags, as a user without rights, on what it keeps', () => {
    const [, command] = dockerfile.match(/^CMD (.+)$/m);
    const { nodeFlags } = json('server/package.json').config;
    expect(JSON.parse(command)).toEqual(['node', ...nodeFlags, 'server/bundle/main.js']);
    const compose = parse(read('compose.yaml'), { merge: true });
    expect(compose.services.api.command.at(-1)).toContain(JSON.parse(command).join(' '));
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^VOLUME \/data$/m);
    const [, set] = dockerfile.match(/^ENV (.+)$/m);
    const names = set.split(' ').map((one) => one.split('=')[0]);
    expect(unknown(names.filter((name) => name !== 'NODE_ENV'))).toEqual([]);
  });

  it('has all that the server imports by its own name', () => {
    const { imports } = json('server/package.json');
    for (const file of Object.values(imports)) {
      const kept = /^\.\/(dist|bundle)\/|^\.\/package\.json$/.test(file);
      expect(kept, file).toBe(true);
    }
  });
});

describe('compose.yaml', () => {
  const { services, secrets, volumes, networks } = parse(read('compose.yaml'), { merge: true });
  const ours = ['api', 'worker'];

  it('names only settings, secrets, volumes and services that there are', () => {
    for (const [name, service] of Object.entries(services)) {
      const asked = service.secrets ?? [];
      expect(Object.keys(secrets), name).toEqual(expect.arrayContaining(asked));
      for (const [setting, value] of Object.entries(service.environment ?? {})) {
        if (!setting.endsWith('_FILE')) continue;
        expect(asked, `${name} ${setting}`).toContain(path.posix.basename(value));
      }
      const kept = (service.volumes ?? []).filter((one) => !one.startsWith('/'));
      expect(Object.keys(volumes)).toEqual(
        expect.arrayContaining(kept.map((one) => one.split(':')[0])),
      );
      expect(Object.keys(networks)).toEqual(service.networks);
      const needed = service.depends_on ?? {};
      const others = Array.isArray(needed) ? needed : Object.keys(needed);
      expect(Object.keys(services)).toEqual(expect.arrayContaining(others));
      for (const other of others) {
        if (needed[other]?.condition !== 'service_healthy') continue;
        // The image of ours has a check of its own.
        expect(services[other].healthcheck ?? ours.includes(other), other).toBeTruthy();
      }
    }
    for (const name of ours) expect(unknown(Object.keys(services[name].environment))).toEqual([]);
  });

  it('gives our processes no rights and nothing to write to but their folder', () => {
    for (const name of ours) {
      expect(services[name]).toMatchObject({
        ...{ read_only: true, init: true, cap_drop: ['ALL'], volumes: ['/data'] },
        security_opt: ['no-new-privileges:true'],
        environment: { ROLE: name },
      });
    }
  });
});

describe('the Kubernetes manifests', () => {
  const folder = 'deploy/kubernetes';
  const kustomization = parse(read(`${folder}/kustomization.yaml`));
  const objects = kustomization.resources.flatMap((file) =>
    parseAllDocuments(read(`${folder}/${file}`)).map((one) => {
      expect(one.errors).toEqual([]);
      return one.toJS();
    }),
  );
  const ofKind = (kind) => objects.filter((one) => one.kind === kind);
  const deployments = ofKind('Deployment');

  it('are all part of the kustomization', () => {
    const files = readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.yaml'));
    expect(files.sort()).toEqual([...kustomization.resources, 'kustomization.yaml'].sort());
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(['api', 'worker']);
  });

  it('let processes run without rights, write to their folder only, and stop in peace', () => {
    for (const { metadata, spec } of deployments) {
      const { securityContext, containers, terminationGracePeriodSeconds } = spec.template.spec;
      const [container] = containers;
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      expect(container.securityContext).toMatchObject({
        ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
        capabilities: { drop: ['ALL'] },
      });
      expect(container.volumeMounts).toEqual([{ name: 'data', mountPath: '/data' }]);
      expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
      expect(container.resources.requests).toHaveProperty('memory');
      expect(container.resources.limits).toHaveProperty('memory');
      const set = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
      expect(set.ROLE).toBe(metadata.name);
      expect(unknown(Object.keys(set).filter((name) => name !== 'POD_IP'))).toEqual([]);
    }
    const settings = read(`${folder}/settings.env`).split('\n').filter(Boolean);
    expect(unknown(settings.map((line) => line.split('=')[0]))).toEqual([]);
  });

  it('ask what the server answers', () => {
    const controller = read('server/src/http/health.controller.ts');
    for (const { spec } of deployments) {
      const [{ livenessProbe, readinessProbe, startupProbe }] = spec.template.spec.containers;
      expect(readinessProbe.httpGet.path).toBe('/api/health/ready');
      for (const { httpGet } of [livenessProbe, startupProbe]) {
        expect(httpGet.path).toBe('/api/health/live');
      }
    }
    for (const route of [`'api/health'`, `'live'`, `'ready'`]) expect(controller).toContain(route);
  });

  it('choose pods that there are', () => {
    const labels = deployments.map(({ spec }) => spec.template.metadata.labels);
    const selectors = [
      ...ofKind('Service').map(({ spec }) => spec.selector),
      ...ofKind('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels),
      ...ofKind('NetworkPolicy').map(({ spec }) => spec.podSelector.matchLabels),
      ...deployments.map(({ spec }) => spec.selector.matchLabels),
    ];
    expect(selectors).toHaveLength(7);
    for (const selector of selectors) expect(labels).toContainEqual(selector);
    expect(ofKind('PodDisruptionBudget')).toHaveLength(deployments.length);
  });
});
