import type { FictionalRange } from "./fictional-digits";

/** What a seeded company is made of before chance gets to it. */
export interface Profile {
  readonly name: string;
  readonly domain: string;
  readonly timeZone: string;
  readonly language: string;
  readonly country: string;
  readonly users: readonly string[];
  /** Positions in `users` of those who cannot take a call, and why. */
  readonly away: Readonly<Record<number, string>>;
  readonly teams: Readonly<Record<string, readonly number[]>>;
  readonly numbers: readonly { readonly name: string; readonly range: FictionalRange; readonly country: string }[];
  readonly contacts: readonly (readonly [first: string, last: string, company: string | null])[];
  readonly callers: readonly FictionalRange[];
}

export const profiles: readonly [Profile, ...Profile[]] = [
  {
    name: "Brightwater Supplies",
    domain: "brightwater.example",
    timeZone: "Europe/London",
    language: "en-GB",
    country: "GB",
    users: [
      "Amelia Hart",
      "Noah Whitfield",
      "Priya Raman",
      "Tom Ashdown",
      "Grace Okafor",
      "Leo Martens",
      "Hana Suzuki",
      "Callum Reid",
    ],
    away: { 3: "out_for_lunch", 6: "always_closed" },
    teams: { Sales: [0, 1, 3, 5], Support: [2, 4, 6, 7], Billing: [0, 4] },
    numbers: [
      { name: "Sales London", range: "london", country: "GB" },
      { name: "Customer care", range: "london", country: "GB" },
      { name: "US line", range: "newYork", country: "US" },
    ],
    contacts: [
      ["Olivia", "Marsh", "Fernley Garden Centre"],
      ["Daniel", "Osei", "Osei & Daughters"],
      ["Rosa", "Lindqvist", null],
      ["Martin", "Pell", "Pell Joinery"],
      ["Yasmin", "Farouk", "Harbour Lane Café"],
      ["Ewan", "Sinclair", null],
      ["Beatrice", "Nolan", "Nolan Lettings"],
      ["Samir", "Patel", "Corner House Pharmacy"],
      ["Ingrid", "Thorne", null],
      ["George", "Abara", "Abara Motors"],
      ["Clara", "Whitcombe", "St Aldate's School"],
      ["Patrick", "O'Dell", "O'Dell Roofing"],
    ],
    callers: ["ukMobile", "ukMobile", "ukMobile", "london", "newYork"],
  },
  {
    name: "Atelier Verdier",
    domain: "atelier-verdier.example",
    timeZone: "Europe/Paris",
    language: "fr-FR",
    country: "FR",
    users: [
      "Camille Laurent",
      "Julien Moreau",
      "Inès Benali",
      "Hugo Lefèvre",
      "Manon Girard",
      "Antoine Rousseau",
      "Léa Fontaine",
      "Mehdi Haddad",
    ],
    away: { 1: "in_training", 5: "always_closed" },
    teams: { Boutique: [0, 2, 4, 6], Atelier: [1, 3, 5, 7] },
    numbers: [
      { name: "Boutique Paris", range: "paris", country: "FR" },
      { name: "Service après-vente", range: "paris", country: "FR" },
      { name: "Commandes", range: "frenchMobile", country: "FR" },
    ],
    contacts: [
      ["Élise", "Caron", "Maison Caron"],
      ["Bruno", "Delmas", null],
      ["Nadia", "Cherif", "Hôtel du Quai"],
      ["Paul", "Garnier", "Garnier Frères"],
      ["Sophie", "Vasseur", null],
      ["Karim", "Mansouri", "Cuisine Mansouri"],
      ["Odile", "Perrin", "Mairie de Valmont"],
      ["Théo", "Blanchet", null],
      ["Lucie", "Noël", "Fleurs Noël"],
      ["Marc", "Aubry", "Aubry Décors"],
    ],
    callers: ["frenchMobile", "frenchMobile", "frenchMobile", "paris"],
  },
];

export const tagNames = [
  ["Order", "#2563EB"],
  ["Complaint", "#DC2626"],
  ["Quote", "#D97706"],
  ["Delivery", "#0D9488"],
  ["VIP", "#7C3AED"],
] as const;

export const commentTexts = [
  "Wants the invoice sent again.",
  "Asked about the delivery on Thursday; promised an answer by noon.",
  "Left a message with a colleague.",
  "New address, updated in the order.",
  "Happy with the replacement.",
  "Please call back after 3 pm.",
  "Compares two quotes, decides this week.",
] as const;
