import type { CompiledQuery } from 'kysely';

interface Compilable {
  compile(): CompiledQuery;
}

/** Stands for a value while a statement is built. */
class Slot {
  constructor(readonly name: PropertyKey) {}
}

/**
 * A statement that is built and compiled once, at its first use, and from then on only gets its
 * values: building costs several times as much as running for what every message needs.
 * @param build writes the statement with `value('name')` where a value belongs; what the statement
 *   looks like must not depend on them
 */
export function prepared<Values extends object>(
  build: (value: <Name extends keyof Values>(name: Name) => Values[Name]) => Compilable,
): (values: Values) => Compilable {
  let template: CompiledQuery | undefined;
  return (values) => ({
    compile: () => {
      template ??= build((name) => new Slot(name) as never).compile();
      const parameters = template.parameters.map((parameter) =>
        parameter instanceof Slot ? values[parameter.name as keyof Values] : parameter,
      );
      return { ...template, parameters };
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
