import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** What is secret by its form, whoever made it. */
const SECRET_FORMS = [
  ['a token of a person or program', /\bpb[a-z]?_[\w-]{24,}/],
  ['a secret of a webhook', /\bwhsec_[\w-]{24,}/],
  ['a bearer', /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/],
  ['a hashed password', /\bscrypt\$/],
  ['the number of a simulated phone', /(?<!\d)9990000\d{4}(?!\d)/],
];

/** Of a long value its beginning tells enough. */
const HEAD = 100;
/** Values that one pattern looks for. */
const PATTERN = 200;

/** What the server prints on purpose at its start, for who has started it. */
const FOR_THE_OPERATOR =
  /^(API key, shown only this once|Sign in by opening|Create the first admin by opening) ?:? ?\S+$/;

/**
 * Looks through what servers under test have logged (`*.log`) for values that the tests have sent and
 * got (`*.planted` of the same name, a JSON string in each line), and for what is secret by its form.
 * @param {string} folder
 * @returns {Promise<{ lines: number, planted: number, hits: string[] }>} hits without the value
 */
export async function sweepLogs(folder) {
  const found = { lines: 0, planted: 0, hits: [] };
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.log'))) {
    const planted = plantedFor(path.join(folder, file.replace(/\.log$/, '.planted')));
    found.planted += planted.length;
    const values = patternsOf(planted);
    const input = createReadStream(path.join(folder, file));
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      found.lines += 1;
      const hit = FOR_THE_OPERATOR.test(line) ? undefined : secretIn(line, values);
      if (hit) found.hits.push(`${file}:${found.lines}: ${hit.what} in: ${around(line, hit.at)}`);
    }
  }
  return found;
}

function secretIn(line, values) {
  const value = values.map((some) => some.exec(line)).find(Boolean);
  if (value) return { what: `a planted value (${value[0].slice(0, 4)}…)`, at: value.index };
  for (const [what, form] of SECRET_FORMS) {
    const match = form.exec(line);
    if (match) return { what, at: match.index };
  }
  return undefined;
}

/** A pattern may not be of any size. */
function patternsOf(planted) {
  const patterns = [];
  for (let at = 0; at < planted.length; at += PATTERN) {
    patterns.push(
      new RegExp(
        planted
          .slice(at, at + PATTERN)
          .map(escaped)
          .join('|'),
      ),
    );
  }
  return patterns;
}

/** Values as they are, and as they stand in a line of JSON. */
function plantedFor(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const values = lines.map((line) => JSON.parse(line).slice(0, HEAD));
  return [...new Set(values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]))];
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Enough to find the place in the program, and not the value again. */
const around = (line, at) => `${line.slice(Math.max(0, at - 160), at)}…`;
