import type { Tag } from "../../data/entities";
import { nextId } from "../../data/ids";
import { done, ok, Refusal } from "../answers";
import { named, take, type AddEndpoint } from "../endpoint";
import { required } from "../fields";
import { hexColor, orNull, text } from "../kinds";
import { sendPage } from "../paginate";
import { orderedQuery } from "../query";

const noun = "tag";
const tagFields = { name: required(text()), color: required(hexColor), description: orNull(text()) };

export function addTagsRoutes(endpoint: AddEndpoint): void {
  endpoint("GET /v1/tags", { query: orderedQuery }, ({ req, res, company }) => {
    sendPage(req, res, { key: "tags", items: company.tags, createdAt: () => 0 });
  });

  endpoint("GET /v1/tags/:id", {}, (ask) => ok({ tag: named(ask.company.tags, ask, { noun }) }));

  // A description is taken, and not kept.
  endpoint("POST /v1/tags", { body: tagFields }, ({ company, body: { name, color } }) => {
    requireFreeName(company.tags, name);
    const tag: Tag = { id: nextId(company), name, color, description: null };
    company.tags.push(tag);
    return ok({ tag });
  });

  endpoint("PUT /v1/tags/:id", { body: tagFields }, (ask) => {
    const { name, color } = ask.body;
    const tag = named(ask.company.tags, ask, { noun });
    requireFreeName(
      ask.company.tags.filter((other) => other !== tag),
      name,
    );
    return ok({ tag: Object.assign(tag, { name, color }) });
  });

  endpoint("DELETE /v1/tags/:id", {}, (ask) => {
    const tag = named(ask.company.tags, ask, { noun });
    take(ask.company.tags, tag);
    for (const call of ask.company.calls) call.tags = call.tags.filter(({ id }) => id !== tag.id);
    return done;
  });
}

function requireFreeName(tags: readonly Tag[], name: string): void {
  if (tags.every((tag) => tag.name !== name)) return;
  throw new Refusal(422, "name is taken by another tag", { errors: { name: ["has already been taken"] } });
}
