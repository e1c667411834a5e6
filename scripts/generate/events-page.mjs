import { EVENTS, EVENTS_VERSION, NOTIFICATION_EVENTS } from '../../contract/dist/index.js';
import { schemaOf, typeWords } from './schema-words.mjs';

const HEAD = `# Events

Catalogue version ${EVENTS_VERSION}. This page is made from \`contract/src/event-catalogue.ts\` by
\`npm run generate\`; change it there.

The same events come by webhook, WebSocket (\`/api/ws\`), Server-Sent Events (\`/api/events/stream\`) and
page by page (\`GET /api/events?after=\`), in the same order for everyone.

## Every event

| field | type | meaning |
| --- | --- | --- |
| \`id\` | text | unique and never changes: whoever gets an event twice knows it by this |
| \`position\` | number | place in the log of all sessions; grows, never used again. The cursor: ask for what comes after it |
| \`sessionId\` | text | the session it belongs to |
| \`sequence\` | number | counts 1, 2, 3 ... within the session |
| \`at\` | time | when it was recorded |
| \`name\` | text | one of those below |
| \`data\` | object | the fields below |

New events and new fields may come at any time without a new version: pass over what you do not know.
A field that goes or changes its meaning makes a new version, and older entries of the log are then
told in the new form.
`;

/** docs/events.md. */
export function eventsPage() {
  const shared = new Map();
  const entries = Object.entries(EVENTS);
  const logged = entries.filter(([, { kept }]) => kept).map((entry) => section(entry, shared));
  const passing = entries.filter(([, { kept }]) => !kept).map((entry) => section(entry, shared));
  return [
    HEAD,
    '## Logged events\n',
    ...logged,
    '## Passing states\n',
    'Told over WebSocket and Server-Sent Events to those who listen at that moment, and kept nowhere: ' +
      'they have no `id`, `position` and `sequence`, and are never repeated. Those of the team are told to ' +
      'every reader; their `sessionId` is null.\n',
    ...passing,
    '## Notification events\n',
    notificationEvents(),
    '## Shapes\n',
    ...shapes(shared),
  ].join('\n');
}

function notificationEvents() {
  const rows = Object.entries(NOTIFICATION_EVENTS).map(
    ([name, { of, meaning }]) => `| \`${name}\` | \`${of}\` | ${meaning} |`,
  );
  return [
    'Second names of some logged events, for programs of the notification API. They are told to those who ask ' +
      'for them, with `id`, `position` and `data` of the event; who asks for both names of an event, or ' +
      'for everything, is told it once, under its own.\n',
    '| name | of | |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function section([name, { meaning, data }], shared) {
  return `### \`${name}\`\n\n${meaning}\n\n${fields(schemaOf(data, shared))}`;
}

/** Named shapes as they are met, those within shapes included. */
function shapes(shared) {
  const written = [];
  for (const [name, schema] of shared) {
    written.push(`### ${name}\n\n${fields(schema)}`);
  }
  return written;
}

function fields(schema) {
  if (!schema.properties) return `${typeWords(schema)}\n`;
  const required = new Set(schema.required);
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const optional = required.has(name) ? '' : ', may be absent';
    return `| \`${name}\` | ${typeWords(field)}${optional} | ${field.description ?? ''} |`;
  });
  if (rows.length === 0) return 'No data.\n';
  return ['| field | type | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
