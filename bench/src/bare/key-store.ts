import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  type AuthenticationCreds,
  BufferJSON,
  initAuthCreds,
  proto,
  type SignalDataSet,
  type SignalDataTypeMap,
  type SignalKeyStore,
} from 'baileys';

type Entries = Record<string, unknown>;

/**
 * Credentials and keys in memory, as anyone would begin with Baileys. Prekeys (812 for each session)
 * may be kept in a file instead and read when one is asked for: that is the key policy of the server,
 * so that memory is compared and not policies. `save` writes all down for the next process.
 */
export class BareKeys implements SignalKeyStore {
  readonly creds: AuthenticationCreds;
  private readonly entries: Map<string, unknown>;

  constructor(
    private readonly file: string,
    private readonly preKeysInMemory: boolean,
  ) {
    const saved = existsSync(file)
      ? (readJson(file) as { creds: AuthenticationCreds; keys: Entries })
      : null;
    this.creds = saved?.creds ?? initAuthCreds();
    this.entries = new Map(Object.entries(saved?.keys ?? {}));
    if (preKeysInMemory) {
      for (const [id, key] of Object.entries(this.filedPreKeys())) {
        this.entries.set(`pre-key/${id}`, key);
      }
    }
  }

  async get<T extends keyof SignalDataTypeMap>(
    type: T,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    const filed = type === 'pre-key' && !this.preKeysInMemory ? this.filedPreKeys() : undefined;
    const found: { [id: string]: SignalDataTypeMap[T] } = {};
    for (const id of ids) {
      const value = filed ? filed[id] : this.entries.get(`${type}/${id}`);
      if (value) found[id] = toKey(type, value) as SignalDataTypeMap[T];
    }
    return found;
  }

  async set(data: SignalDataSet): Promise<void> {
    for (const [type, keys] of Object.entries(data)) {
      if (type === 'pre-key' && !this.preKeysInMemory) {
        this.filePreKeys(keys as Entries);
        continue;
      }
      for (const [id, value] of Object.entries(keys ?? {})) {
        if (value) this.entries.set(`${type}/${id}`, value);
        else this.entries.delete(`${type}/${id}`);
      }
    }
  }

  save(): void {
    const kept = [...this.entries].filter(([place]) => !place.startsWith('pre-key/'));
    writeJson(this.file, { creds: this.creds, keys: Object.fromEntries(kept) });
    if (!this.preKeysInMemory) return;
    const preKeys = [...this.entries].filter(([place]) => place.startsWith('pre-key/'));
    const byId = preKeys.map(([place, key]) => [place.slice('pre-key/'.length), key]);
    writeJson(this.preKeyFile, Object.fromEntries(byId));
  }

  private get preKeyFile(): string {
    return `${this.file}.prekeys`;
  }

  private filedPreKeys(): Entries {
    return existsSync(this.preKeyFile) ? (readJson(this.preKeyFile) as Entries) : {};
  }

  private filePreKeys(changes: Entries): void {
    const keys = { ...this.filedPreKeys(), ...changes };
    const kept = Object.entries(keys).filter(([, key]) => key !== null);
    writeJson(this.preKeyFile, Object.fromEntries(kept));
  }
}

function toKey(type: string, value: unknown): unknown {
  return type === 'app-state-sync-key'
    ? proto.Message.AppStateSyncKeyData.fromObject(value as object)
    : value;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'), BufferJSON.reviver);
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, JSON.stringify(value, BufferJSON.replacer));
}
