/** Documented routes that the resources do not reach, and why. */
export const leftOut: Record<string, string> = {
  "GET /oauth/authorize": "a page for people: sign-in/ sends them there",
  "POST /v1/oauth/token": "oauth/ asks it",
  "GET /v1/users": "replaced by V2",
  "GET /v1/users/:id": "replaced by V2",
  "POST /v1/users": "replaced by V2",
  "PUT /v1/users/:id": "replaced by V2",
  "GET /v1/calls/:id/realtime_transcription": "replaced by the mode of getTranscription",
  "POST /v1/calls/:id/link": "gone from the reference since 2019; an insight card holds links",
  "POST /v1/calls/:id/metadata": "gone from the reference since 2019; replaced by insight cards",
};
