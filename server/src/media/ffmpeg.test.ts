import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../testing/databases.js';
import { KindsWorld } from '../testing/kinds-world.js';
import { fileOnPhone } from '../testing/media-of.js';
import { encodeSound, pictureOf } from './ffmpeg.js';
import { inspectTimed } from './inspect-video.js';

const path = (name: string) => fileURLToPath(new URL(`testing/${name}`, import.meta.url));
/** 1.6 s of a tone in AAC, in MP4, as Safari's MediaRecorder records. */
const AAC = { bytes: readFileSync(path('aac-recording.mp4')), mimetype: 'audio/mp4' };
const VIDEO = { bytes: readFileSync(path('chromium-video.mp4')), mimetype: 'video/mp4' };

const programs: { name: string; program: string; works: boolean }[] = [
  { name: 'without ffmpeg', program: '/nowhere/ffmpeg', works: false },
];
if (spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0) {
  programs.push({ name: 'with ffmpeg', program: 'ffmpeg', works: true });
} else {
  console.warn('ffmpeg is not installed here: what the server does with it is not tested.');
}

describe.each(programs)('$name', ({ program, works }) => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-ffmpeg-'));
  const output = join(folder, 'out');
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`sound ${works ? 'is' : 'is not'} encoded`, async () => {
    expect(await encodeSound(program, path('aac-recording.mp4'), output)).toBe(works);
    if (works) expect((await inspectTimed(output)).seconds).toBeCloseTo(1.6, 0);
  });

  it(`a picture of a video ${works ? 'is' : 'is not'} taken`, async () => {
    expect(await pictureOf(program, path('chromium-video.mp4'), output, 0.1)).toBe(works);
    if (works) expect(await sharp(output).metadata()).toMatchObject({ format: 'jpeg' });
  });

  it('a list that leads to other files is not followed', async () => {
    const list = join(folder, 'list');
    const other = path('chromium-video.mp4');
    for (const text of [
      `ffconcat version 1.0\nfile '${other}'\n`,
      `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${other}\n#EXT-X-ENDLIST\n`,
      Buffer.alloc(1000, 7),
    ]) {
      writeFileSync(list, text);
      expect(await pictureOf(program, list, output, 0)).toBe(false);
      expect(await encodeSound(program, list, output)).toBe(false);
    }
  });

  describe.each(databases)('on %s', (database) => {
    let world: KindsWorld;
    beforeAll(async () => {
      world = await KindsWorld.start(database, { FFMPEG_PATH: program });
    });
    afterAll(() => world.stop());

    it(`a recording in AAC ${works ? 'becomes a voice note' : 'is refused'}`, async () => {
      const sending = world.sendFile(world.other, 'audio', AAC);
      if (!works) return expect(sending).rejects.toThrow(/415.*where ffmpeg is installed/);
      const { shown, file } = await fileOnPhone(world.sandbox, world.other, await sending);
      expect(file.subarray(0, 4).toString()).toBe('OggS');
      expect(shown).toMatchObject({
        kind: 'audio',
        media: { mimetype: 'audio/ogg; codecs=opus', voice: true, seconds: 2 },
      });
      expect(shown.media.waveform).toHaveLength(64);
    });

    it(`a video has its dimensions and ${works ? 'a' : 'no'} thumbnail`, async () => {
      const id = await world.sendFile(world.other, 'media', VIDEO);
      const { shown } = await fileOnPhone(world.sandbox, world.other, id);
      expect(shown.media).toMatchObject({ width: 64, height: 48, seconds: 1 });
      const message = await world.server.message('main', id);
      expect(message.media).toMatchObject({ width: 64, height: 48, size: VIDEO.bytes.length });
      expect([message.thumbnailUrl !== undefined, shown.media.thumbnail !== undefined]).toEqual([
        works,
        works,
      ]);
      if (works) {
        const small = await sharp(Buffer.from(shown.media.thumbnail ?? '', 'base64')).metadata();
        expect(small).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
      }
      expect(readdirSync(join(world.server.storageRoot, 'media', 'incoming'))).toEqual([]);
    });
  });
});
