import pino from 'pino';
import {
  type BinaryNode,
  decryptMessageNode,
  jidDecode,
  type SignalRepositoryWithLIDStore,
  type WAMessage,
  WAMessageStubType,
} from '../baileys.js';

/** A `<message>` stanza after its ciphertexts have been opened. */
export interface ReadMessage {
  message: WAMessage;
  /** `peer`: between the devices of this account. */
  category: string | undefined;
  /** Jid of the device that wrote it. */
  author: string;
  /** Why it could not be read. */
  unreadable?: string;
}

/** Says nothing: rc14 logs every ciphertext that it cannot open, and a flood of them would fill disks. */
const quiet = pino({ level: 'silent' });

const MAX_LEARNT = 5_000;

/**
 * Opens the ciphertexts of a stanza, and learns from it which PN and LID are one person.
 * @param learnt pairs that this connection has told the repository of; belongs to the caller
 * @throws when the stanza is not a message
 */
export async function readStanza(
  node: BinaryNode,
  me: { id: string; lid?: string | undefined },
  repository: SignalRepositoryWithLIDStore,
  learnt: Set<string>,
): Promise<ReadMessage> {
  const { fullMessage, category, author, decrypt } = decryptMessageNode(
    node,
    me.id,
    me.lid ?? '',
    repository,
    quiet,
  );
  await learnAlias(fullMessage, repository, learnt);
  await decrypt();
  const unreadable =
    fullMessage.messageStubType === WAMessageStubType.CIPHERTEXT
      ? (fullMessage.messageStubParameters?.[0] ?? 'unknown')
      : undefined;
  return { message: fullMessage, category, author, ...(unreadable && { unreadable }) };
}

/** As rc14 does before it decrypts (`lib/Socket/messages-recv.js`, handleMessage). */
async function learnAlias(
  { key }: WAMessage,
  { lidMapping, migrateSession }: SignalRepositoryWithLIDStore,
  learnt: Set<string>,
): Promise<void> {
  const alt = key.participantAlt || key.remoteJidAlt;
  const primary = key.participant || key.remoteJid;
  if (!alt || !primary) return;
  // rc14 looks for sessions to move with every message.
  const pair = `${alt} ${primary}`;
  if (learnt.has(pair)) return;
  if (jidDecode(alt)?.server === 'lid') {
    if (!(await lidMapping.getPNForLID(alt))) {
      await lidMapping.storeLIDPNMappings([{ lid: alt, pn: primary }]);
      await migrateSession(primary, alt);
    }
  } else {
    await lidMapping.storeLIDPNMappings([{ lid: primary, pn: alt }]);
    await migrateSession(alt, primary);
  }
  if (learnt.size >= MAX_LEARNT) learnt.clear();
  learnt.add(pair);
}
