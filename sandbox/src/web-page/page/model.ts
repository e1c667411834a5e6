type Listener = (...args: never[]) => void;

/** Events by name; names may be given several at once, with spaces between. */
export class Emitter {
  #listeners = new Map<string, Listener[]>();
  #awaited = new Map<string, () => void>();

  on(names: string, listener: Listener): this {
    for (const name of names.split(' ')) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
      this.#awaited.get(name)?.();
    }
    return this;
  }

  off(names: string, listener: Listener): this {
    for (const name of names.split(' ')) {
      const others = (this.#listeners.get(name) ?? []).filter((each) => each !== listener);
      this.#listeners.set(name, others);
    }
    return this;
  }

  once(names: string, listener: Listener): this {
    const first = (...args: never[]): void => {
      this.off(names, first);
      listener(...args);
    };
    return this.on(names, first);
  }

  trigger(name: string, ...args: unknown[]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(...(args as never[]));
  }

  /** Resolves when somebody listens to this. */
  heard(name: string): Promise<void> {
    if (this.#listeners.get(name)?.length) return Promise.resolve();
    return new Promise((resolve) => this.#awaited.set(name, resolve));
  }
}

/** Attributes are own properties; a change is told by the model and by the collection it is in. */
export class Model extends Emitter {
  #collection: Emitter | undefined;

  constructor(attributes: object = {}) {
    super();
    Object.assign(this, attributes);
  }

  set(attributes: object): this {
    const fields = this as unknown as Record<string, unknown>;
    const changed = Object.entries(attributes).filter(([name, value]) => fields[name] !== value);
    const before = changed.map(([name]) => fields[name]);
    Object.assign(this, Object.fromEntries(changed));
    for (const [index, [name, value]] of changed.entries()) {
      this.trigger(`change:${name}`, this, value, before[index]);
    }
    if (changed.length > 0) this.trigger('change', this);
    return this;
  }

  override trigger(name: string, ...args: unknown[]): void {
    super.trigger(name, ...args);
    this.#collection?.trigger(name, ...args);
  }

  /** Its changes are told by this collection too. */
  belongTo(collection: Emitter | undefined): void {
    this.#collection = collection;
  }

  serialize(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this));
  }

  toJSON(): Record<string, unknown> {
    return this.serialize();
  }
}

export interface Identified extends Model {
  id: { toString(): string } | string;
}

type Id = { _serialized: string } | { toString(): string } | string;

const keyOf = (id: Id): string =>
  typeof id === 'object' && '_serialized' in id ? id._serialized : String(id);

/** Models by their id. */
export class Collection<M extends Identified> extends Emitter {
  #models = new Map<string, M>();

  get length(): number {
    return this.#models.size;
  }

  get(id: Id | undefined): M | undefined {
    return id === undefined ? undefined : this.#models.get(keyOf(id));
  }

  getModelsArray(): M[] {
    return [...this.#models.values()];
  }

  filter(wanted: (model: M) => boolean): M[] {
    return this.getModelsArray().filter(wanted);
  }

  /** @param silent nobody is told */
  add(model: M, { silent = false } = {}): M {
    this.#models.set(keyOf(model.id), model);
    model.belongTo(this);
    if (!silent) this.trigger('add', model);
    return model;
  }

  /** Puts models before those that are there; nobody is told. */
  addBefore(models: M[]): void {
    for (const model of models) model.belongTo(this);
    const before = models.map((model): [string, M] => [keyOf(model.id), model]);
    this.#models = new Map([...before, ...this.#models]);
  }

  remove(model: M): void {
    if (!this.#models.delete(keyOf(model.id))) return;
    this.trigger('remove', model);
    model.belongTo(undefined);
  }

  serialize(): Record<string, unknown>[] {
    return this.getModelsArray().map((model) => model.serialize());
  }

  toJSON(): Record<string, unknown>[] {
    return this.serialize();
  }
}
