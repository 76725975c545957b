// A receiver without Express or Node, as its docs show it: answers with the event's id, or with why it was refused.
import { parseAircallEvent, WebhookError } from "express-aircall/webhooks";

export default {
  async fetch(request, env) {
    try {
      const { name, id } = await parseAircallEvent(await request.arrayBuffer(), { tokens: [env.TOKEN] });
      return Response.json({ name, id });
    } catch (error) {
      if (!(error instanceof WebhookError)) throw error;
      return Response.json({ code: error.code }, { status: error.status });
    }
  },
};
