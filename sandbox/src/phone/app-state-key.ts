import { randomBytes } from 'node:crypto';
import type { proto } from 'baileys/WAProto/index.js';
import type { PhoneContext } from './phone-context.js';

const APP_STATE_KEY = 'app-state-key';

interface AppStateKey {
  keyId: string;
  keyData: string;
  timestamp: number;
}

/** The key that chat settings are encrypted with; made once, given to each companion. */
export function appStateKey(context: PhoneContext): proto.Message.IAppStateSyncKey {
  let key = context.records.getJson<AppStateKey>(APP_STATE_KEY);
  if (!key) {
    // Two bytes of device (the phone is 0) and four of epoch.
    const keyId = Buffer.concat([Buffer.from([0, 0]), randomBytes(4)]);
    key = {
      keyId: keyId.toString('base64'),
      keyData: randomBytes(32).toString('base64'),
      timestamp: Date.now(),
    };
    context.records.setJson(APP_STATE_KEY, key);
  }
  return {
    keyId: { keyId: Buffer.from(key.keyId, 'base64') },
    keyData: {
      keyData: Buffer.from(key.keyData, 'base64'),
      fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0] },
      timestamp: key.timestamp,
    },
  };
}
