import { ALL_FORMATS, FilePathSource, type FilePathSourceOptions, Input } from 'mediabunny';

/** A file is read piece by piece; what fails while nobody waits for it fails again when somebody does. */
export const FILE_OPTIONS: FilePathSourceOptions = {
  maxCacheSize: 1024 * 1024,
  handleUnhandledError: () => undefined,
};

export interface TimedFacts {
  seconds?: number;
  /** Pixels, as the picture is shown. */
  width?: number;
  height?: number;
}

/** Duration and dimensions of a video or audio file; empty for what nobody here can read. */
export async function inspectTimed(path: string): Promise<TimedFacts> {
  const input = new Input({
    formats: ALL_FORMATS,
    source: new FilePathSource(path, FILE_OPTIONS),
  });
  try {
    const seconds = await input.computeDuration();
    const track = await input.getPrimaryVideoTrack();
    return {
      ...(Number.isFinite(seconds) && seconds > 0 && { seconds: Math.round(seconds * 100) / 100 }),
      ...(track && {
        width: await track.getDisplayWidth(),
        height: await track.getDisplayHeight(),
      }),
    };
  } catch {
    return {};
  } finally {
    input.dispose();
  }
}
