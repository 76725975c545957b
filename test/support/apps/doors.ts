import type { Express } from "express";
import { aircallAuth, AircallStrategy, type AircallAuthOptions, type SettingsOptions } from "express-aircall";
import { createPassport } from "./passport";
import type { Settings } from "./sign-in-app";

type Wire = (app: Express, settings: Settings & SettingsOptions) => void;

/** The two ways in, each with `/me`: who is connected, or null. */
export const doors: [door: string, wire: Wire][] = [
  ["passport.authenticate", wirePassport],
  ["aircallAuth", wireRoutes],
];

export function wirePassport(app: Express, settings: Settings & SettingsOptions): void {
  const passport = createPassport(new AircallStrategy(settings));
  app.use(aircallAuth({ ...settings, initiateOAuth: "REFRESH" }), passport.session());
  app.get("/auth/aircall", passport.authenticate());
  app.get("/auth/aircall/callback", passport.authenticate({ successRedirect: "/" }));
  showAccount(app);
}

export function wireRoutes(app: Express, settings: Settings & AircallAuthOptions): void {
  app.use(aircallAuth({ ...settings, initiateOAuth: "GETANDREFRESH" }));
  showAccount(app);
}

function showAccount(app: Express): void {
  app.get("/me", async (req, res) => {
    res.json(await req.aircall.account());
  });
}
