/**
 * The idempotent writes, by method and route template: to do them again comes to the same. All others may be sent again
 * only where it is certain that nothing was done.
 *
 * A PUT sets what it names. A DELETE is here when its path names the one thing that goes, and not the owner of whatever
 * is there by then: a user's campaign, a number's configuration may be another one the second time.
 */
export const idempotent: ReadonlySet<string> = new Set([
  "PUT /v1/calls/:id/archive",
  "PUT /v1/calls/:id/unarchive",
  "DELETE /v1/calls/:id/recording",
  "DELETE /v1/calls/:id/voicemail",
  "PUT /v2/users/:id",
  "PUT /v1/users/:id",
  "DELETE /v1/users/:id",
  "DELETE /v1/teams/:id",
  "DELETE /v1/teams/:id/users/:id",
  "PUT /v1/numbers/:id",
  "DELETE /v1/contacts/:id",
  "PUT /v1/contacts/:id/phone_details/:id",
  "DELETE /v1/contacts/:id/phone_details/:id",
  "PUT /v1/contacts/:id/email_details/:id",
  "DELETE /v1/contacts/:id/email_details/:id",
  "PUT /v1/tags/:id",
  "DELETE /v1/tags/:id",
  "DELETE /v1/users/:id/dialer_campaign/phone_numbers/:id",
  "PUT /v1/webhooks/:id",
  "DELETE /v1/webhooks/:id",
  "PUT /v1/a2p_campaign_associations/:id",
  "DELETE /v1/a2p_campaign_associations/:id",
  // Its idempotency key makes Aircall refuse the second of two.
  "POST /v1/outbound-calls/agents/:id",
]);
