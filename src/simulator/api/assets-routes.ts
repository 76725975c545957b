import type { IRouter } from "express";

const samplesPerSecond = 8_000;

/** Recordings and voicemails: a second of a quiet tone. Like Aircall's, their addresses need no credential. */
export function addAssetsRoutes(app: IRouter): void {
  const sound = tone();
  app.get(["/assets/recording/:id", "/assets/voicemail/:id"], (_req, res) => {
    res.type("audio/wav").send(sound);
  });
}

/** 8-bit mono WAV. @see http://soundfile.sapp.org/doc/WaveFormat */
function tone(): Buffer {
  const samples = Buffer.from(
    Array.from(
      { length: samplesPerSecond },
      (_, at) => 128 + 24 * Math.sin((2 * Math.PI * 440 * at) / samplesPerSecond),
    ),
  );
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(samplesPerSecond, 24);
  header.writeUInt32LE(samplesPerSecond, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
