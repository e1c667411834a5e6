import { spawn } from 'node:child_process';

/** A recording is encoded far faster than it was spoken (ms). */
const WITHIN = 120_000;

/**
 * Encodes the sound of any file as Ogg/Opus with ffmpeg. Resolves with false when the program is
 * not there or cannot read the file.
 * @param program name or path of ffmpeg
 */
export async function transcode(program: string, input: string, output: string): Promise<boolean> {
  // No shell, no network, no picture; one channel, as phones record voice.
  const options = ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file'];
  const sound = ['-vn', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k'];
  const child = spawn(program, [...options, '-i', input, ...sound, '-f', 'ogg', '-y', output], {
    stdio: 'ignore',
    timeout: WITHIN,
    killSignal: 'SIGKILL',
  });
  return await new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
