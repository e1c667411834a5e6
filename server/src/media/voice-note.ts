import type { InputAudioTrack } from 'mediabunny';
import {
  ALL_FORMATS,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  FilePathSource,
  FilePathTarget,
  Input,
  OggOutputFormat,
  Output,
} from 'mediabunny';
import { OpusDecoder } from 'opus-decoder';
import { FILE_OPTIONS } from './inspect-video.js';

/** What a voice note needs beside its bytes. */
export interface VoiceFacts {
  seconds: number;
  /** Loudness over time: 64 values from 0 to 100. */
  waveform: number[];
}

/** The recording holds no Opus, so that it would have to be encoded anew. */
export class NotOpus extends Error {
  constructor(readonly codec: string | null) {
    super(`the recording is ${codec ?? 'of an unknown kind'}, not Opus`);
    this.name = 'NotOpus';
  }
}

const BARS = 64;
const SAMPLE_RATE = 48_000;
/** Nothing that a person says into a phone is longer (s). */
const LONGEST = 24 * 60 * 60;

/**
 * Turns a recording of a browser (WebM, Ogg or MP4 with Opus) into the Ogg/Opus that phones play:
 * the packets move to another container as they are, and are decoded on the way to see how loud
 * they are. Both files are read and written piece by piece.
 * @throws {NotOpus} anything else; the output file may then be there
 */
export async function toVoiceNote(input: string, output: string): Promise<VoiceFacts> {
  const source = new Input({
    formats: ALL_FORMATS,
    source: new FilePathSource(input, FILE_OPTIONS),
  });
  try {
    const track = await opusTrack(source);
    return await remux(track, output);
  } finally {
    source.dispose();
  }
}

async function opusTrack(source: Input): Promise<InputAudioTrack> {
  const track = await source.getPrimaryAudioTrack().catch(() => {
    throw new NotOpus(null);
  });
  const codec = track ? await track.getCodec() : null;
  if (!track || codec !== 'opus') throw new NotOpus(codec);
  return track;
}

async function remux(track: InputAudioTrack, output: string): Promise<VoiceFacts> {
  const decoderConfig = await track.getDecoderConfig();
  if (!decoderConfig) throw new NotOpus(null);
  const { numberOfChannels } = decoderConfig;
  const decoder = new OpusDecoder({ channels: Math.min(numberOfChannels, 2) });
  const target = new Output({ format: new OggOutputFormat(), target: new FilePathTarget(output) });
  const packets = new EncodedAudioPacketSource('opus');
  target.addAudioTrack(packets);
  const loudness = new Loudness();
  try {
    await decoder.ready;
    await target.start();
    let first: number | undefined;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      first ??= packet.timestamp;
      const timestamp = Math.max(0, packet.timestamp - first);
      if (timestamp > LONGEST) break;
      await packets.add(packet.clone({ timestamp }), { decoderConfig });
      const { channelData, samplesDecoded } = decoder.decodeFrame(packet.data);
      loudness.add(channelData, samplesDecoded);
    }
    await target.finalize();
  } catch (error) {
    await target.cancel().catch(() => undefined);
    throw error;
  } finally {
    decoder.free();
  }
  return { seconds: loudness.seconds, waveform: loudness.bars() };
}

/** Mean loudness of the pieces of a sound, and of 64 equal parts of the whole when it is over. */
class Loudness {
  private readonly pieces: { sum: number; samples: number }[] = [];
  private samples = 0;

  add([channel]: Float32Array[], samples: number): void {
    let sum = 0;
    for (let index = 0; index < samples; index++) sum += Math.abs(channel?.[index] ?? 0);
    this.pieces.push({ sum, samples });
    this.samples += samples;
  }

  get seconds(): number {
    return Math.round((this.samples / SAMPLE_RATE) * 100) / 100;
  }

  bars(): number[] {
    const sums = new Array<number>(BARS).fill(0);
    let position = 0;
    for (const { sum, samples } of this.pieces) {
      const middle = position + samples / 2;
      const bar = Math.min(BARS - 1, Math.floor((middle / (this.samples || 1)) * BARS));
      sums[bar] = (sums[bar] ?? 0) + sum;
      position += samples;
    }
    if (this.pieces.length < BARS) this.stretch(sums);
    const loudest = Math.max(...sums);
    return sums.map((sum) => (loudest > 0 ? Math.floor((sum / loudest) * 100) : 0));
  }

  /** A sound of fewer pieces than bars leaves gaps: each bar takes the piece at its place. */
  private stretch(sums: number[]): void {
    for (let bar = 0; bar < BARS; bar++) {
      const piece = this.pieces[Math.floor((bar * this.pieces.length) / BARS)];
      sums[bar] = piece?.sum ?? 0;
    }
  }
}
