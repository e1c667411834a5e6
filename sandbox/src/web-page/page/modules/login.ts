import { line } from '../line.js';
import type { Kept } from '../login-store.js';
import { Cmd, Conn, isLinked, me, Socket, Stream } from '../stores.js';

const bytes = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const refreshQR = (): Promise<null> => line.request('refreshRef', {});

/** What is asked for until somebody is logged in, and who that is. */
export function loginModules({ keys }: Kept): Record<string, unknown> {
  return {
    WAWebSocketModel: { Socket },
    WAWebConnModel: { Conn },
    WAWebStreamModel: { Stream },
    WAWebCmd: { Cmd: Object.assign(Cmd, { refreshQR }) },
    WAWebOfflineHandler: {
      OfflineMessageHandler: { getOfflineDeliveryProgress: () => 100 },
    },
    WABase64: {
      encodeB64: (data: Uint8Array) => btoa(String.fromCharCode(...data)),
      decodeB64: bytes,
    },
    WAWebCompanionRegClientUtils: { DEVICE_PLATFORM: '1' },
    WAWebAdvSignatureApi: {},
    WAWebUserPrefsInfoStore: {
      waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: bytes(keys.noise) } }) },
    },
    WAWebSignalStoreApi: {
      waSignalStore: {
        getRegistrationInfo: async () => ({ identityKeyPair: { pubKey: bytes(keys.identity) } }),
      },
    },
    WAWebUserPrefsMultiDevice: { getADVSecretKey: () => keys.advSecret },
    WAWebMiscBrowserUtils: { info: () => ({ os: 'Linux', name: 'Chrome' }) },
    WAWebAltDeviceLinkingApi: {
      setPairingType: () => undefined,
      initializeAltDeviceLinking: async () => undefined,
      initializeQRLinking: async () => undefined,
      startAltLinkingFlow: (phone: string) => line.request('pairingCode', { phone }),
    },
    WAWebLaunchSocketUtils: { refreshQR },
    WAWebUserPrefsMeUser: {
      getMaybeMePnUser: () => (isLinked() ? me().id : undefined),
      getMaybeMeLidUser: () => (isLinked() ? me().lid : undefined),
    },
  };
}
