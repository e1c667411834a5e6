import type { CompiledQuery } from 'kysely';

interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/** Stands for a value while a statement is built. */
class Slot {
  constructor(readonly name: PropertyKey) {}
}

const texts = new Set<string>();

/** Whether a statement was made by `prepared`: a connection may remember it, it will come again. */
export const isPrepared = (text: string): boolean => texts.has(text);

/**
 * A statement that is built and compiled once, at its first use, and from then on only gets its
 * values: building costs several times as much as running for what every message needs. One that
 * reads is given to `kysely.executeQuery`.
 * @param build writes the statement with `value('name')` where a value belongs; what the statement
 *   looks like must not depend on them
 */
export function prepared<Values extends object, Row = unknown>(
  build: (value: <Name extends keyof Values>(name: Name) => Values[Name]) => Compilable<Row>,
): (values: Values) => Compilable<Row> {
  let template: CompiledQuery<Row> | undefined;
  return (values) => ({
    compile: () => {
      if (!template) {
        template = build((name) => new Slot(name) as never).compile();
        texts.add(template.sql);
      }
      // Kysely's objects are frozen, and V8 spreads and maps those many times slower.
      const { query, queryId, sql, parameters: slots } = template;
      const parameters = new Array<unknown>(slots.length);
      for (let index = 0; index < slots.length; index += 1) {
        const slot = slots[index];
        parameters[index] = slot instanceof Slot ? values[slot.name as keyof Values] : slot;
      }
      return { query, queryId, sql, parameters };
    },
  });
}

const made = new WeakMap<object, Map<unknown, unknown>>();

/** What `make` gives for a database, made once for all that ask: many sessions share a statement. */
export function shared<Source extends object, Made>(
  source: Source,
  make: (source: Source) => Made,
): Made {
  const known = made.get(source) ?? new Map<unknown, unknown>();
  made.set(source, known);
  if (!known.has(make)) known.set(make, make(source));
  return known.get(make) as Made;
}
