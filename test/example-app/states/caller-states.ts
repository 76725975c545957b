import { callOf, keyOf, marked, others, otherSends, unseen, withheld, type Stage, type State } from "./stage";

/** The page of a caller, and what opens there. */
export const callerStates: readonly State[] = [
  { name: "with calls, attempts and voicemails", reach: (stage) => open(stage, marked) },
  { name: "tags open", reach: (stage) => open(stage, marked, "?open=tags") },
  {
    name: "summary and transcript open",
    reach: ({ page, simulator }) => {
      const { id } = simulator.companies[0].calls.find(({ recording }) => recording !== null)!;
      return page.goto(`/calls/${id}?open=insights`);
    },
  },
  {
    name: "no summary, for want of the plan",
    reach(stage) {
      stage.simulator.entitle(stage.simulator.companies[0].id, { conversationIntelligence: false });
      return open(stage, marked, "?open=insights");
    },
  },
  { name: "older calls open", reach: (stage) => open(stage, marked, "?open=older") },
  {
    name: "an emoji refused",
    async reach(stage) {
      await open(stage, unseen);
      await stage.page.getByLabel("Add a comment").fill("Thanks 🙂");
      await stage.page.getByRole("button", { name: "Save comment" }).click();
      await stage.page.locator("#comment-fault").waitFor();
    },
  },
  {
    name: "a comment saved",
    async reach(stage) {
      await stage.page.getByLabel("Add a comment").fill(`Rings again at noon. ${"W".repeat(80)}`);
      await stage.page.getByRole("button", { name: "Save comment" }).click();
      await stage.page.getByText("Your comment is saved.").waitFor();
    },
  },
  {
    name: "no room for another comment",
    async reach(stage) {
      const path = `/calls/${callOf(stage, unseen)}`;
      for (const content of ["One", "Two", "Three", "Four"]) {
        await stage.browser.submit(`${path}/comments`).type("form").send({ content });
      }
      await stage.page.goto(path);
      await stage.page.getByText("There is no room for another.").waitFor();
    },
  },
  {
    name: "archived",
    async reach({ page }) {
      await page.getByRole("button", { name: "Archive this call" }).click();
      await page.getByText("The call is archived").waitFor();
    },
  },
  {
    name: "with somebody else",
    async reach(stage) {
      const { id } = stage.simulator.companies[0].users.findLast(({ available }) => available)!;
      await otherSends(stage, "take", { caller: keyOf(others), agent: id });
      await open(stage, others);
      await stage.page.getByText(/^With .* since/).waitFor();
    },
  },
  {
    name: "the warning before a second send",
    async reach({ page }) {
      await page.getByLabel("Who calls back?").selectOption({ index: 1 });
      await page.getByRole("button", { name: "Send to their dialer" }).click();
      await page.getByText(/^Already with/).waitFor();
    },
  },
  { name: "number withheld", reach: (stage) => open(stage, withheld) },
  {
    name: "Aircall down: when it is tried again",
    async reach(stage) {
      stage.simulator.fail({ match: { path: "/v1/calls/search" }, status: 503 });
      await open(stage, marked);
      await stage.page.getByText("This page tries again by itself").waitFor();
    },
    leave: ({ simulator }) => simulator.clearFaults(),
  },
  {
    name: "Aircall down: a comment that is kept",
    async reach(stage) {
      const { page, simulator } = stage;
      await open(stage, marked);
      await page.getByLabel("Add a comment").fill("Rings again at noon.");
      simulator.fail({ match: { path: /comments$/ }, reset: "before" });
      await page.getByRole("button", { name: "Save comment" }).click();
      await page.getByText("What you wrote is kept").waitFor();
    },
  },
];

async function open(stage: Stage, digits: string, query = ""): Promise<void> {
  await stage.page.goto(`/calls/${callOf(stage, digits)}${query}`);
}
