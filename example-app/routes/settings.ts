import express, { type Request, type Response, type Router } from "express";
import { boardOf } from "../board-of";
import { chosenAccount } from "../chosen-company";
import { readCompanySettings, writeCompanySettings } from "../company-settings/company-settings";
import { connectedHere } from "../company-settings/connected";
import {
  judgeForm,
  readForm,
  showSettings,
  type SettingsFaults,
  type SettingsForm,
} from "../company-settings/settings-form";
import type { Doors } from "../doors";
import { textOf } from "../form";
import { leaveNotice } from "../notice";

/** What a company chooses for its board, which company that is, and how its connection ends. */
export function settingsPages({ auth, keys }: Doors): Router {
  const pages = express.Router();
  pages.use(express.urlencoded({ extended: false }));

  async function show(req: Request, res: Response, tried: Tried = {}): Promise<void> {
    const { mirror, key } = boardOf(req);
    const lines = await linesOf(req);
    const lineIds = lines.map(({ id }) => id);
    const form = tried.form ?? showSettings(readCompanySettings(mirror.fields(key, "settings")), lineIds);
    const account = await chosenAccount(req);
    const connected = await connectedHere(req, { auth, keys });
    const faults = { overdueMinutes: null, lines: null, hours: null, sure: null, ...tried.faults };
    const byKey = req.session.byKey === true && account?.id === null;
    // A key that nobody connected here is this app's own, and nobody's to disconnect.
    const canDisconnect = account?.id !== null || byKey;
    res.status(tried.faults ? 400 : 200);
    res.render("settings", { form, faults, lines, connected, account, byKey, canDisconnect });
  }

  pages.get("/", (req, res) => show(req, res));

  pages.post("/", async (req, res) => {
    const { mirror, key } = boardOf(req);
    const form = readForm((req.body ?? {}) as Record<string, unknown>);
    const lines = await linesOf(req);
    const { settings, faults } = judgeForm(
      form,
      lines.map(({ id }) => id),
    );
    if (!settings) return show(req, res, { form, faults });
    await mirror.write(key, "settings", writeCompanySettings(settings));
    leaveNotice(req, "The settings are saved, for everybody who uses this board.");
    res.redirect(303, "/settings");
  });

  pages.post("/company", async (req, res) => {
    const id = Number(textOf(req, "company"));
    const accounts = await req.aircall.accounts();
    if (accounts.some((account) => account.id === id)) req.session.chosen = id;
    res.redirect(303, "/missed-calls");
  });

  pages.post("/disconnect", async (req, res) => {
    const account = await chosenAccount(req);
    if (textOf(req, "sure") !== "1") return show(req, res, { faults: { sure: "Tick the box if you are sure." } });
    res.locals["sent"] = "That this company leaves";
    const { tenant } = req.session;
    if (account?.id != null) await auth.disconnectCompany(account.id, { req });
    else if (tenant) await keys?.disconnectKey({ ref: tenant }, { req });
    delete req.session.chosen;
    delete req.session.shown;
    leaveNotice(req, `${account?.name ?? "The company"} is disconnected.`);
    res.redirect(303, "/");
  });
  return pages;
}

interface Tried {
  readonly form?: SettingsForm;
  readonly faults?: SettingsFaults & { sure?: string };
}

interface NamedLine {
  readonly id: number;
  readonly name: string;
}

/** Those that Aircall names first, and any other that was rung: one request, kept for a minute. */
async function linesOf(req: Request): Promise<NamedLine[]> {
  const { mirror, key, client } = boardOf(req);
  const { items } = await client.numbers.list({ per_page: 50 }, { cacheMs: 60_000 });
  const rung = mirror.calls(key).flatMap(({ line }) => line ?? []);
  const named = items.map(({ id, name }) => ({ id: Number(id), name: name ?? "Unknown line" }));
  const lines = new Map([...rung, ...named].map(({ id, name }) => [id, { id, name }]));
  return [...lines.values()].sort((one, other) => one.name.localeCompare(other.name));
}
