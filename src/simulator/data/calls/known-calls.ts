import { hasInsights, transcriptionOf } from "./call-insights";
import type { Call } from "../entities";

/** What those who read calls can know of them by now, which is less than has happened. */
export interface KnownCalls {
  /** A call that has just ended still goes on; its recording and voicemail come later. */
  readonly view: (call: Call) => Call;
  readonly isUnderstood: (call: Call) => boolean;
  readonly isTranscribed: (call: Call) => boolean;
}

interface Settings {
  /** UNIX milliseconds. */
  readonly now: () => number;
  readonly callEndLagSeconds: number;
  readonly assetDelaySeconds: number;
}

const noAssets = { recording: null, voicemail: null, asset: null } as const;
const notEnded = { ended_at: null, duration: 0, missed_call_reason: null } as const;

export function createKnownCalls({ now, callEndLagSeconds, assetDelaySeconds }: Settings): KnownCalls {
  const isPast = ({ ended_at }: Call, seconds: number) => ended_at === null || now() >= (ended_at + seconds) * 1000;
  const isHeard = (call: Call) => isPast(call, callEndLagSeconds) && isPast(call, 2 * assetDelaySeconds);

  return {
    view(call) {
      if (!isPast(call, callEndLagSeconds)) return { ...call, ...notEnded, ...noAssets, status: statusBefore(call) };
      return isPast(call, assetDelaySeconds) ? call : { ...call, ...noAssets };
    },
    isUnderstood: (call) => hasInsights(call) && isHeard(call),
    isTranscribed: (call) => transcriptionOf(call) !== null && isHeard(call),
  };
}

function statusBefore({ answered_at }: Call): Call["status"] {
  return answered_at === null ? "initial" : "answered";
}
