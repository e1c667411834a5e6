import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';

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
    source: new FilePathSource(path, { maxCacheSize: 1024 * 1024 }),
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
