/** What was said on a call. The agent begins; they take turns. */
export interface Dialogue {
  readonly language: string;
  readonly lines: readonly string[];
  readonly topics: readonly string[];
  readonly summary: string;
  readonly action: string;
}

export const dialogues: Readonly<Record<"en" | "fr", readonly Dialogue[]>> = {
  en: [
    {
      language: "en-GB",
      lines: [
        "Good morning, how can I help?",
        "I am waiting for a delivery that was due yesterday.",
        "I am sorry. I will find out and call you back before noon.",
        "Thank you, I am at the shop until one.",
      ],
      topics: ["Delivery", "Delay"],
      summary: "The caller's delivery is a day late; we promised to find out and to call back before noon.",
      action: "Ask the carrier and call back before noon.",
    },
    {
      language: "en-GB",
      lines: [
        "Hello, what can I do for you?",
        "I would like a quote for twenty of the large planters.",
        "Gladly. I will send it by e-mail this afternoon.",
        "Perfect, the address is the one you have.",
      ],
      topics: ["Quote"],
      summary: "The caller asks for a quote for twenty large planters, by e-mail this afternoon.",
      action: "Send the quote this afternoon.",
    },
  ],
  fr: [
    {
      language: "fr-FR",
      lines: [
        "Bonjour, que puis-je faire pour vous ?",
        "La commande est arrivée avec un article abîmé.",
        "Je suis désolée, nous vous en envoyons un autre demain.",
        "Merci, c'est très aimable.",
      ],
      topics: ["Réclamation", "Remplacement"],
      summary: "Un article est arrivé abîmé ; nous en envoyons un autre demain.",
      action: "Envoyer l'article de remplacement.",
    },
  ],
};
