import type { Job, Queue } from "bullmq";
import { sha256 } from "../../config/sha256";
import type { CallStore } from "../../time/store-caller";
import type { FailedEvent } from "../engine";
import type { EventJson } from "../event";
import { readEventJson } from "../event-json";

const pageSize = 100;

/** The dead letters: events that failed in all of their attempts. */
export interface FailedJobs {
  list(): AsyncGenerator<FailedEvent, void>;
  /** False where no event of this id has failed. */
  retry(id: string): Promise<boolean>;
  /** False where no event of this id has failed. */
  discard(id: string): Promise<boolean>;
}

export function createFailedJobs(queue: Queue, call: CallStore): FailedJobs {
  async function withFailed(operation: string, id: string, act: (job: Job, event: EventJson) => Promise<void>) {
    return call(operation, async () => {
      const job: Job | undefined = await queue.getJob(jobIdOf(id));
      const event = job && eventIn(job);
      if (!event || (await job.getState()) !== "failed") return false;
      await act(job, event);
      return true;
    });
  }

  return {
    async *list() {
      for (let start = 0; ; start += pageSize) {
        const jobs = await call("list failed events", () => queue.getFailed(start, start + pageSize - 1));
        for (const job of jobs) {
          const event = eventIn(job);
          if (event) yield failedEventOf(job, event);
        }
        if (jobs.length < pageSize) return;
      }
    },
    retry: (id) =>
      withFailed("try an event again", id, async (job, event) => {
        await job.updateData({ ...event, source: "replayed" });
        await job.retry("failed", { resetAttemptsMade: true });
      }),
    discard: (id) => withFailed("forget an event", id, (job) => job.remove()),
  };
}

/** Null for a job that is no event: somebody else has put it there. */
export function eventIn({ data }: Job): EventJson | null {
  try {
    return readEventJson(data);
  } catch {
    return null;
  }
}

/** BullMQ refuses a colon in an id. */
export function jobIdOf(id: string): string {
  return sha256(id);
}

function failedEventOf(job: Job, event: EventJson): FailedEvent {
  const failedAt = new Date(job.finishedOn ?? job.timestamp);
  return { id: event.id, event, attempts: job.attemptsMade, error: job.failedReason, failedAt };
}
