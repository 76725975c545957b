import { ApiError, type AircallClient, type EventHandlers } from "express-aircall";

/** Sends a text from a line, in the conversation that its agents see. `to` in E.164. */
export async function sendSms(client: AircallClient, numberId: number, { to, body }: { to: string; body: string }) {
  try {
    return await client.messages.sendInConversation(numberId, { to, body });
  } catch (error) {
    // A line in API mode has no such conversations, and sends by `send`.
    if (!(error instanceof ApiError && error.code === "wrong_number_mode")) throw error;
    return client.messages.send(numberId, { to, body });
  }
}

interface Inbox {
  /** False where it has this message already. */
  add(message: { id: string; from: string; body: string }): Promise<boolean>;
}

/** Keeps each text that comes in, and answers it once, though the event may come twice. */
export function receiveSms(inbox: Inbox, answer: string): EventHandlers {
  return {
    "message.received": async ({ data: message, client }) => {
      const from = `+${(message.raw_digits ?? message.external_number ?? "").replace(/\D/g, "")}`;
      const isNew = await inbox.add({ id: message.id, from, body: message.body ?? "" });
      if (isNew && message.number) await sendSms(await client(), message.number.id, { to: from, body: answer });
    },
  };
}
