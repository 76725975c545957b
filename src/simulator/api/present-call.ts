import type { Request } from "express";
import type { Call } from "../data/entities";
import type { KnownCalls } from "../data/calls/known-calls";
import type { AssetAddresses } from "./asset-addresses";

interface Parts {
  readonly assets: AssetAddresses;
  readonly known: KnownCalls;
}

/** A call as read now: with addresses that work from now on, what the query asks for, and nothing else. */
export function presentCall(happened: Call, { query }: Pick<Request, "query">, { assets, known }: Parts): object {
  const call = known.view(happened);
  return {
    ...call,
    recording: assets.sign(call.recording),
    voicemail: assets.sign(call.voicemail),
    contact: query["fetch_contact"] === "true" ? call.contact : null,
    ...(query["fetch_short_urls"] === "true" && {
      recording_short_url: assets.shorten(call.recording),
      voicemail_short_url: assets.shorten(call.voicemail),
    }),
    ...(query["fetch_call_timeline"] === "true" && { ivr_options_selected: [] }),
    ...(query["fetch_aiva_conv"] === "true" && { ai_voice_agents: [] }),
  };
}
