/** What was said into the microphone. */
export interface Recording {
  blob: Blob;
  /** The name it gets as a file. */
  name: string;
  seconds: number;
  /** Loudness over time: 64 values from 0 to 100. */
  waveform: number[];
}

export type RecordingTrouble = 'no_microphone' | 'refused' | 'not_possible';

const BARS = 64;
const SAMPLE_MS = 50;
/** What browsers record that the server can turn into a voice note, best first. */
const FORMATS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];

/** Records from the microphone, and tells how loud it is meanwhile. */
export class VoiceRecorder {
  private readonly chunks: Blob[] = [];
  private readonly levels: number[] = [];
  private readonly startedAt = performance.now();
  private readonly timer: ReturnType<typeof setInterval>;

  private constructor(
    private readonly stream: MediaStream,
    private readonly recorder: MediaRecorder,
    private readonly context: AudioContext,
    onLevel: (levels: readonly number[], seconds: number) => void,
  ) {
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    recorder.ondataavailable = ({ data }) => this.chunks.push(data);
    recorder.start(250);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.levels.push(loudness(samples));
      onLevel(this.levels, this.seconds);
    }, SAMPLE_MS);
  }

  /**
   * Asks for the microphone and begins.
   * @param onLevel told some times a second all levels so far (0 to 100) and the length (s)
   * @throws {RecordingTrouble}
   */
  static async start(
    onLevel: (levels: readonly number[], seconds: number) => void,
  ): Promise<VoiceRecorder> {
    // Browsers give the microphone to pages that came by https, or from this machine.
    const mimeType = globalThis.MediaRecorder && FORMATS.find(MediaRecorder.isTypeSupported);
    if (!navigator.mediaDevices || !mimeType) throw 'not_possible' satisfies RecordingTrouble;
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      throw (name === 'NotFoundError' ? 'no_microphone' : 'refused') satisfies RecordingTrouble;
    }
    const recorder = new MediaRecorder(stream, { mimeType });
    return new VoiceRecorder(stream, recorder, new AudioContext(), onLevel);
  }

  get seconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  async stop(): Promise<Recording> {
    const { seconds } = this;
    const ended = new Promise((resolve) => {
      this.recorder.onstop = resolve;
    });
    this.recorder.stop();
    await ended;
    this.release();
    const type = this.recorder.mimeType;
    const ending = /^audio\/(\w+)/.exec(type)?.[1] ?? 'webm';
    const blob = new Blob(this.chunks, { type });
    return { blob, name: `voice.${ending}`, seconds, waveform: waveformOf(this.levels) };
  }

  cancel(): void {
    this.recorder.onstop = null;
    if (this.recorder.state !== 'inactive') this.recorder.stop();
    this.release();
  }

  private release(): void {
    clearInterval(this.timer);
    for (const track of this.stream.getTracks()) track.stop();
    void this.context.close();
  }
}

/** The root mean square, on a scale on which speech fills the room: 0 to 100. */
function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.min(100, Math.round(Math.sqrt(sum / samples.length) ** 0.6 * 160));
}

/** 64 values, each the loudest of its part. */
function waveformOf(levels: readonly number[]): number[] {
  return Array.from({ length: BARS }, (_, bar) => {
    const from = Math.floor((bar * levels.length) / BARS);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * levels.length) / BARS));
    return Math.max(0, ...levels.slice(from, to));
  });
}
