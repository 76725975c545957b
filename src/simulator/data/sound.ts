const samplesPerSecond = 8_000;
const headerBytes = 44;
const chunkBytes = 65_536;

export interface Sound {
  /** Which tone: the same number, the same bytes. */
  readonly seed: number;
  /** Of the whole file, header included. */
  readonly bytes: number;
}

/** Bytes of a quiet tone that changes every second, 8-bit mono WAV, from `start` up to and including `end`, in small chunks. */
export function* soundBytes({ seed, bytes }: Sound, start: number, end: number): Generator<Buffer> {
  const header = wavHeader(bytes);
  const wave = sineOf(300 + (seed % 400));

  for (let from = start; from <= end; from += chunkBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end + 1 - from));
    for (let at = 0; at < chunk.length; at += 1) {
      const position = from + at;
      chunk[at] = position < headerBytes ? (header[position] as number) : sampleAt(position - headerBytes, wave);
    }
    yield chunk;
  }
}

function sampleAt(position: number, wave: Float64Array): number {
  const second = Math.floor(position / samplesPerSecond);
  const volume = 8 + ((second * 7) % 23);
  return 128 + Math.round(volume * (wave[position % samplesPerSecond] as number));
}

/** One second; a whole number of periods, so that it can be repeated. */
function sineOf(hertz: number): Float64Array {
  return Float64Array.from({ length: samplesPerSecond }, (_, at) =>
    Math.sin((2 * Math.PI * hertz * at) / samplesPerSecond),
  );
}

/** @see http://soundfile.sapp.org/doc/WaveFormat */
function wavHeader(bytes: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write("RIFF", 0);
  header.writeUInt32LE(bytes - 8, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(samplesPerSecond, 24);
  header.writeUInt32LE(samplesPerSecond, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(bytes - headerBytes, 40);
  return header;
}
