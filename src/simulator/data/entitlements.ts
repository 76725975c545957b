/** What Aircall sells apart: a company without it is answered 403. */
export interface Entitlements {
  messages: boolean;
  whatsapp: boolean;
  dialer: boolean;
  outboundCampaigns: boolean;
  conversationIntelligence: boolean;
  aiVoiceAgents: boolean;
  analytics: boolean;
}

export type Entitlement = keyof Entitlements;

const everything: Readonly<Entitlements> = {
  messages: true,
  whatsapp: true,
  dialer: true,
  outboundCampaigns: true,
  conversationIntelligence: true,
  aiVoiceAgents: true,
  analytics: true,
};

/** Everything, but for what is switched off. @throws {TypeError} that names an entitlement nobody knows. */
export function readEntitlements(
  given: Partial<Entitlements>,
  before: Readonly<Entitlements> = everything,
): Entitlements {
  const stray = Object.keys(given).find((name) => !(name in everything));
  if (stray !== undefined) {
    throw new TypeError(`There is no entitlement "${stray}". Known: ${Object.keys(everything).join(", ")}.`);
  }
  return { ...before, ...given };
}
