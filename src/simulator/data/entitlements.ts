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

/** A part of a plan. */
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

/** What is not said, or undefined, stays as it is. */
export type ChosenEntitlements = { [Name in Entitlement]?: boolean | undefined };

/** Everything, but for what is switched off. @throws {TypeError} that names an entitlement nobody knows. */
export function readEntitlements(given: ChosenEntitlements, before: Readonly<Entitlements> = everything): Entitlements {
  const stray = Object.keys(given).find((name) => !(name in everything));
  if (stray !== undefined) {
    throw new TypeError(`There is no entitlement "${stray}". Known: ${Object.keys(everything).join(", ")}.`);
  }
  const said = Object.entries(given).filter(([, has]) => has !== undefined);
  return { ...before, ...Object.fromEntries(said) };
}
