export const FAULT_KINDS = [
  'device_removed', // <stream:error code=401><conflict type=device_removed/>, and the device is forgotten
  'restart_required', // <stream:error code=515/>
  'service_unavailable', // <stream:error code=503/>
  'replaced', // <stream:error><conflict type=replaced/></stream:error>
  'failure', // <failure reason/> instead of success; `code`, default 403
  'cut', // TCP reset
  'silence', // connection stays, nothing comes through; for `forMs`: it comes late
  'refuse', // connections are dropped before the handshake, or with `code` answered by that HTTP status
  'garbage', // a frame that does not decrypt
  'ack_delay', // server acks come `delayMs` late
  'ack_missing', // server acks are never sent
  'message_lost', // the connection breaks while a message is on its way to the server
  'ack_error', // server acks carry error=`code`, default 463
  'duplicate', // each message is delivered twice
  'receipt_lost', // delivery receipts never reach the server: the messages come again at the next login
  'undecryptable', // the ciphertext of messages is damaged on its way
  'media_gone', // downloads are answered by HTTP `code`, default 410
  'media_damaged', // a bit of a downloaded file is changed
  'media_stall', // downloads stop half way, the connection stays
  'media_lost', // the phone does not have a file any more that it is asked to upload again
  'upload_refused', // uploads are answered by HTTP `code`, default 503
  'upload_stall', // uploads are taken and never answered
  'page_reload', // a linked page loads itself anew
  'page_hang', // its renderer stands still: nothing that is asked of it is answered
  'page_state', // it says that its connection is in `state`
  'page_synced', // at its next start it is in step before anybody can be listening
  'page_idle', // a page that waits for a scan renews its QR no more until it is asked to
  'page_resync', // it falls out of step and is in step again
  'one_name', // messages name their author by one jid only, without its PN or LID beside
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultRequest {
  kind: FaultKind;
  /** Whom it hits: no phone = everybody; no device = every companion of the phone. */
  phone?: string;
  device?: number;
  /** How often it strikes before it is over. Default 1, unless `forMs` is given. */
  times?: number;
  /** Or how long it lasts. */
  forMs?: number;
  delayMs?: number;
  code?: number;
  /** For `page_state`: a state of WhatsApp Web's socket, like `TIMEOUT`. */
  state?: string;
}

export interface Fault extends FaultRequest {
  id: number;
  /** How often it struck. */
  struck: number;
}

export interface FaultControl {
  /** Starts a fault; kinds that end a connection strike the devices connected now, at once. */
  add(request: FaultRequest): Fault;
  /** Faults that are still in force. */
  list(): Fault[];
  remove(id: number): boolean;
  clear(): void;
  /**
   * Draws faults from a seed: the same seed gives the same sequence of kinds, victims' ranks and
   * pauses. Returns a function that stops it.
   */
  random(options: RandomFaults): () => void;
}

export interface RandomFaults {
  seed: number;
  /** Mean pause between two faults. */
  everyMs: number;
  /** Kinds to draw from; default: all that a client must survive without a new scan. */
  kinds?: FaultKind[];
  /** Only devices of these phones. */
  phones?: string[];
  /** Stops by itself after so many. */
  count?: number;
}
