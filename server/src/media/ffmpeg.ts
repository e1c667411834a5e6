import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';

/** Each takes a processor of its own; a burst of videos must not take the machine. */
const inTurn = pLimit(Math.max(1, availableParallelism() - 1));
/** A recording is encoded far faster than it was spoken (ms). */
const SOUND_WITHIN = 120_000;
/** Of a picture from near the beginning of a video (ms). */
const FRAME_WITHIN = 20_000;
/**
 * What files of others may be: playlists and the like, which make ffmpeg open further files, are not
 * among it.
 */
const FORMATS =
  'mov,mp4,matroska,webm,ogg,wav,mp3,aac,flac,amr,caf,aiff,3gp,avi,mpegts,mpeg,flv,asf';
/** At most 640 pixels, and never larger than it is. */
const SMALLER = "scale='min(640,iw)':'min(640,ih)':force_original_aspect_ratio=decrease";
/** Reads one file, with no shell, no network and no keyboard. */
const INPUT = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file'];

/**
 * Encodes the sound of any file as Ogg/Opus with ffmpeg. Resolves with false when the program is
 * not there or cannot read the file.
 * @param program name or path of ffmpeg
 */
export async function encodeSound(
  program: string,
  input: string,
  output: string,
): Promise<boolean> {
  // No picture; one channel, as phones record voice.
  const sound = ['-vn', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k'];
  return await run(program, input, [], [...sound, '-f', 'ogg', '-y', output], SOUND_WITHIN);
}

/**
 * Writes one picture of a video as JPEG with ffmpeg; false as above.
 * @param at seconds from the beginning
 */
export async function pictureOf(
  program: string,
  input: string,
  output: string,
  at: number,
): Promise<boolean> {
  const seek = ['-ss', at.toFixed(2)];
  const picture = ['-an', '-frames:v', '1', '-vf', SMALLER];
  const write = [...picture, '-f', 'image2', '-c:v', 'mjpeg', '-y', output];
  return await run(program, input, seek, write, FRAME_WITHIN);
}

function run(
  program: string,
  input: string,
  before: string[],
  after: string[],
  timeout: number,
): Promise<boolean> {
  const reading = [...INPUT, '-format_whitelist', FORMATS, ...before, '-i', `file:${input}`];
  return inTurn(async () => {
    const child = spawn(program, [...reading, ...after], {
      stdio: 'ignore',
      timeout,
      killSignal: 'SIGKILL',
    });
    return await new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false));
      child.once('exit', (code) => resolve(code === 0));
    });
  });
}
