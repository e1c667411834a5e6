// The import rules of ARCHITECTURE.md. Each says in its comment why it is there.

// Tests, and what only tests use.
const TEST = '\\.test\\.tsx?$|/testing/|/test-[^/]+\\.ts$';
const OURS = '(contract|client|hardening|sandbox|server|web|bench|e2e|crash)';

/** A member may import itself and the named members; tests may use more. */
function member(name, allowed, { tests = allowed } = {}) {
  const rule = (suffix, from, members) => ({
    name: `${name}-imports${suffix}`,
    comment: `${name} imports ${members.length ? members.join(', ') : 'nothing'} of ours.`,
    severity: 'error',
    from,
    to: { path: `^${OURS}/`, pathNot: `^(${[name, ...members].join('|')})/` },
  });
  const source = `^${name}/src/`;
  return [
    rule('', { path: source, pathNot: TEST }, allowed),
    rule('-in-tests', { path: `${source}.*(${TEST})` }, tests),
  ];
}

export default {
  forbidden: [
    ...member('contract', []),
    ...member('client', []),
    ...member('hardening', []),
    ...member('sandbox', [], { tests: ['hardening'] }),
    ...member('server', ['contract', 'hardening'], {
      tests: ['contract', 'client', 'hardening', 'sandbox'],
    }),
    ...member('web', ['contract']),
    ...member('bench', ['hardening', 'sandbox']),
    ...member('e2e', []),
    ...member('crash', []),
    {
      name: 'engines-import-only-vocabulary',
      comment:
        'An engine may live in a process of its own one day: it knows the vocabulary and its host, ' +
        'never the database, sessions, Nest or configuration.',
      severity: 'error',
      from: { path: '^server/src/engines/', pathNot: TEST },
      to: {
        path: '^server/src/|node_modules/(@nestjs|kysely|libsql|pg|fastify)/',
        pathNot: '^server/src/((engines|whatsapp)/|(crash-point|unsafe)\\.ts$)',
      },
    },
    {
      name: 'engines-do-not-know-each-other',
      comment: 'What two engines share is the interface.',
      severity: 'error',
      from: { path: '^server/src/engines/([^/]+)/' },
      to: { path: '^server/src/engines/[^/]+/', pathNot: '^server/src/engines/($1|testing)/' },
    },
    {
      name: 'baileys-stays-in-its-engine',
      comment: 'Only engines/baileys knows the library, so that it can be replaced there.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: `^server/src/engines/baileys/|${TEST}` },
      to: { path: 'node_modules/(baileys|libsignal|whatsapp-rust-bridge)/' },
    },
    {
      name: 'whatsapp-web.js-stays-in-its-process',
      comment: 'Only the process of a page loads the library: what it throws or leaks ends there.',
      severity: 'error',
      from: { path: '^server/src/', pathNot: `^server/src/engines/wwebjs/page/|${TEST}` },
      to: { path: 'node_modules/(whatsapp-web\\.js|puppeteer|puppeteer-core)/' },
    },
    {
      name: 'sessions-know-the-engine-interface-only',
      comment: 'Sessions import engines/engine*.ts, never the folder of an engine.',
      severity: 'error',
      from: { path: '^server/src/sessions/', pathNot: TEST },
      to: { path: '^server/src/engines/', pathNot: '^server/src/engines/engine[^/]*$' },
    },
    {
      name: 'consumers-read-the-log',
      comment: 'Consumers live on the event log and speak through the outbox; nobody calls across.',
      severity: 'error',
      from: { path: '^server/src/consumers/', pathNot: TEST },
      to: { path: '^server/src/(engines|sessions)/' },
    },
    {
      name: 'consumers-do-not-know-each-other',
      comment: 'One folder each; what they share is the event log.',
      severity: 'error',
      from: { path: '^server/src/consumers/([^/]+)/' },
      to: { path: '^server/src/consumers/[^/]+/', pathNot: '^server/src/consumers/$1/' },
    },
    {
      name: 'bulk-feeds-the-outbox',
      comment: 'Bulk sends read the log and speak through the outbox, as consumers do.',
      severity: 'error',
      from: { path: '^server/src/bulk/', pathNot: TEST },
      to: { path: '^server/src/(engines|sessions|consumers)/' },
    },
    {
      name: 'whatsapp-is-pure',
      comment: 'The vocabulary (jids, message ids, receipts) needs nothing of the server.',
      severity: 'error',
      from: { path: '^server/src/whatsapp/', pathNot: TEST },
      to: { path: '^server/src/', pathNot: '^server/src/whatsapp/' },
    },
    {
      name: 'the-log-knows-no-reader',
      comment: 'The event log and the outbox are below those who use them.',
      severity: 'error',
      from: { path: '^server/src/(event-log|outbox|db)/', pathNot: TEST },
      to: { path: '^server/src/(consumers|engines)/', pathNot: '^server/src/engines/engine[^/]*$' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What runs in production imports no test support.',
      severity: 'error',
      from: { path: '^[^/]+/src/', pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that is not found escapes all other rules.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts', '.css'],
    },
  },
};
