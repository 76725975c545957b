import type { Readable } from "node:stream";
import { ApiError, type EventHandlers } from "express-aircall";

interface Recording {
  readonly body: Readable;
  readonly contentType: string;
}

/**
 * Where to put a file under a key. For S3, with `@aws-sdk/client-s3` and `@aws-sdk/lib-storage`:
 *
 *     (Key, { body: Body, contentType: ContentType }) =>
 *       new Upload({ client: s3, params: { Bucket: "recordings", Key, Body, ContentType } }).done();
 */
type Put = (key: string, file: Recording) => Promise<unknown>;

/** Streams each recording to a bucket once it is there. Nothing of it is held in memory or on disk. */
export function recordingsTo(put: Put): EventHandlers {
  return {
    "call.comm_assets_generated": async ({ companyId, data: call, client, signal }) => {
      const { calls } = await client();
      try {
        const { body, contentType } = await calls.recording(call.id, { signal });
        await put(`${companyId ?? "own"}/${call.id}.mp3`, { body, contentType: contentType ?? "audio/mpeg" });
      } catch (error) {
        // A voicemail, or a call that was not recorded.
        if (!(error instanceof ApiError && error.status === 404)) throw error;
      }
    },
  };
}
