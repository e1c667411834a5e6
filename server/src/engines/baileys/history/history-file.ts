import { createInflate } from 'node:zlib';
import { EngineError } from '../../engine-error.js';
import { proto } from '../baileys.js';
import { varint } from '../wire-bytes.js';
import { ByteStream } from './byte-stream.js';

/** A chat of the history. */
export interface HistoryConversation {
  /** Everything but the messages. */
  about: proto.Conversation;
  /** Still encoded (`WebMessageInfo`), newest first. */
  messages: Uint8Array[];
}

/** What a file of the history says beside its chats. */
export interface HistoryRest {
  rest: proto.HistorySync;
}

/** Fields of `HistorySync` that are of use here; stickers, calls and status posts are not. */
const CONVERSATIONS = 2;
const WANTED = new Set([1, 5, 6, 7, 15]);
/** The field of `Conversation` with its messages, and of `HistorySyncMsg` with the message itself. */
const MESSAGES = 2;
const MESSAGE = 1;

/** How a field is encoded: the lowest three bits of its tag. */
const Wire = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 };

/**
 * Reads a file of the history (zlib over a protobuf `HistorySync`) chat by chat, and last what stands
 * beside the chats. At no time more than the encoded messages of one chat are in memory: the whole,
 * which rc14 decodes at once (`lib/Utils/history.js`), is some ten times as large as the file.
 * @param limit messages of a chat that are given out; the others are skipped
 * @throws EngineError `damaged`
 */
export async function* readHistoryFile(
  file: Uint8Array,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<HistoryConversation | HistoryRest> {
  const inflate = createInflate();
  inflate.end(file);
  try {
    const stream = new ByteStream(inflate[Symbol.asyncIterator]());
    const rest: Uint8Array[] = [];
    while (!(await stream.atEnd())) {
      const tag = await stream.varint();
      if (tag === tagOf(CONVERSATIONS)) yield await conversation(stream, limit);
      else if (WANTED.has(Math.floor(tag / 8))) rest.push(...(await field(stream, tag)));
      else await skipField(stream, tag);
    }
    yield { rest: proto.HistorySync.decode(Buffer.concat(rest)) };
  } catch (error) {
    throw new EngineError('damaged', 'A file of the history cannot be read', false, {
      cause: error,
    });
  } finally {
    inflate.destroy();
  }
}

async function conversation(stream: ByteStream, limit: number): Promise<HistoryConversation> {
  const length = await stream.varint();
  const end = stream.position + length;
  const about: Uint8Array[] = [];
  const messages: Uint8Array[] = [];
  while (stream.position < end) {
    const tag = await stream.varint();
    if (tag !== tagOf(MESSAGES)) about.push(...(await field(stream, tag)));
    else if (messages.length < limit) messages.push(...(await message(stream)));
    else await skipField(stream, tag);
  }
  return { about: proto.Conversation.decode(Buffer.concat(about)), messages };
}

async function message(stream: ByteStream): Promise<Uint8Array[]> {
  const length = await stream.varint();
  const end = stream.position + length;
  const found: Uint8Array[] = [];
  while (stream.position < end) {
    const tag = await stream.varint();
    if (tag === tagOf(MESSAGE)) found.push(await stream.bytes(await stream.varint()));
    else await skipField(stream, tag);
  }
  return found;
}

function tagOf(fieldNumber: number): number {
  return fieldNumber * 8 + Wire.Bytes;
}

/** A field as it stands in the file, with its tag. */
async function field(stream: ByteStream, tag: number): Promise<Uint8Array[]> {
  switch (tag % 8) {
    case Wire.Varint:
      return [varint(tag), await stream.varintBytes()];
    case Wire.Fixed64:
      return [varint(tag), await stream.bytes(8)];
    case Wire.Fixed32:
      return [varint(tag), await stream.bytes(4)];
    case Wire.Bytes: {
      const length = await stream.varint();
      return [varint(tag), varint(length), await stream.bytes(length)];
    }
    default:
      throw new RangeError(`Unknown wire type ${tag % 8}`);
  }
}

async function skipField(stream: ByteStream, tag: number): Promise<void> {
  switch (tag % 8) {
    case Wire.Varint:
      await stream.varint();
      return;
    case Wire.Fixed64:
      return stream.skip(8);
    case Wire.Fixed32:
      return stream.skip(4);
    case Wire.Bytes:
      return stream.skip(await stream.varint());
    default:
      throw new RangeError(`Unknown wire type ${tag % 8}`);
  }
}
