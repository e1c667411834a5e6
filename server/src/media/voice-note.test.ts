import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectTimed } from './inspect-video.js';
import { NotOpus, toVoiceNote } from './voice-note.js';

/** A tone that grows for 2.5 s from silence to full strength, as Chromium's MediaRecorder wrote it. */
const RECORDING = fileURLToPath(new URL('testing/chromium-recording.webm', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'patchbay-voice-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);

describe('a recording', () => {
  it('of Chromium becomes Ogg/Opus with duration and waveform', async () => {
    const facts = await toVoiceNote(RECORDING, path('a.ogg'));
    expect(readFileSync(path('a.ogg')).subarray(0, 4).toString()).toBe('OggS');
    expect(readFileSync(path('a.ogg')).includes('OpusHead')).toBe(true);
    expect(facts.seconds).toBeGreaterThan(2.3);
    expect(facts.seconds).toBeLessThan(2.7);
    expect(facts.waveform).toHaveLength(64);
    // It grows, from silence to the loudest.
    const thirds = [0, 21, 42].map((start) =>
      facts.waveform.slice(start, start + 21).reduce((sum, each) => sum + each, 0),
    );
    expect(thirds[0]).toBeLessThan((thirds[1] ?? 0) / 2);
    expect(thirds[1]).toBeLessThan(thirds[2] ?? 0);
    expect(Math.max(...facts.waveform)).toBe(100);
    expect(facts.waveform[0]).toBeLessThan(10);
  });

  it('in Ogg, as Firefox makes it, goes through and stays the same', async () => {
    const first = await toVoiceNote(RECORDING, path('b.ogg'));
    const second = await toVoiceNote(path('b.ogg'), path('c.ogg'));
    expect(second.seconds).toBeCloseTo(first.seconds, 1);
    expect(second.waveform).toEqual(first.waveform);
    expect((await inspectTimed(path('c.ogg'))).seconds).toBeCloseTo(first.seconds, 1);
  });

  it('of another kind is refused', async () => {
    writeFileSync(path('wave.wav'), wave());
    await expect(toVoiceNote(path('wave.wav'), path('d.ogg'))).rejects.toThrow(NotOpus);
    writeFileSync(path('noise'), Buffer.alloc(1000, 7));
    await expect(toVoiceNote(path('noise'), path('e.ogg'))).rejects.toThrow(NotOpus);
    writeFileSync(path('cut.webm'), readFileSync(RECORDING).subarray(0, 40));
    await expect(toVoiceNote(path('cut.webm'), path('f.ogg'))).rejects.toThrow(NotOpus);
  });
});

/** A tenth of a second of silence. */
function wave(): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + 1600, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(1600, 40);
  return Buffer.concat([header, Buffer.alloc(1600)]);
}
