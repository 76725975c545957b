import type { Tell } from "../../data/happening";
import { ok } from "../answers";
import { named, type AddEndpoint } from "../endpoint";
import { flag, object, orNull, text, webAddress, wholeNumber, word } from "../kinds";
import { sendPage } from "../paginate";
import { presentListedNumber, presentNumber } from "../present";
import { datedQuery } from "../query";

const noun = "number";
const audio = orNull(webAddress);
const numberFields = {
  name: text(),
  availability_status: word("open", "custom", "closed"),
  live_recording_activated: flag,
  priority: orNull(wholeNumber({ min: 0, max: 1 })),
  messages: object({
    welcome: audio,
    waiting: audio,
    ringing_tone: audio,
    ivr: audio,
    voicemail: audio,
    after_hours: audio,
    unanswered_call: audio,
    closed: audio,
    callback_later: audio,
  }),
};

export function addNumbersRoutes(endpoint: AddEndpoint, { tell }: { tell: Tell }): void {
  endpoint("GET /v1/numbers", { query: datedQuery }, ({ req, res, company }) => {
    sendPage(req, res, {
      key: "numbers",
      items: company.numbers,
      createdAt: ({ created_at }) => Date.parse(created_at) / 1000,
      present: presentListedNumber,
    });
  });

  endpoint("GET /v1/numbers/:id", {}, (ask) =>
    ok({ number: presentNumber(ask.company, named(ask.company.numbers, ask, { noun })) }),
  );

  endpoint("PUT /v1/numbers/:id", { body: numberFields }, (ask) => {
    const number = named(ask.company.numbers, ask, { noun });
    const messages = { ...number.messages, ...ask.body.messages };
    const before = number.availability_status;
    Object.assign(number, ask.body, { messages });
    const { availability_status: after } = number;
    if (after !== before && after !== "custom") {
      tell(ask.company, { event: after === "open" ? "number.opened" : "number.closed", number });
    }
    return ok({ number: presentListedNumber(number) });
  });

  // Nobody has pinned the shape of this answer: a status is the least it must have.
  endpoint("GET /v1/numbers/:id/registration_status", {}, (ask) => {
    const { country } = named(ask.company.numbers, ask, { noun });
    return ok({ status: country === "US" ? "REGISTERED" : "NOT_REQUIRED" });
  });
}
