import { ConfigError } from "../errors/errors";
import { parseConnection } from "./connection-string";
import { passportNames, type Setting, type SettingName, settingNames, settings, type SettingValue } from "./settings";
import { unknownOption } from "./unknown-option";
import { type Given, listOf } from "./values";

export type Door = "middleware" | "strategy" | "client";

export interface SourcesContext {
  readonly door: Door;
  /** Options the door reads itself; errors list them as known. */
  readonly otherOptions: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Everything that was given, wherever. */
export interface GivenSettings {
  has(name: SettingName): boolean;
  /** Given by the app's own code, which comes before the environment. */
  inCode(name: SettingName): boolean;
  /** The value of the first source that has one; null when none has. */
  read<Name extends SettingName>(name: Name): SettingValue<Name> | null;
  /** How its source calls it. */
  nameOf(name: SettingName): string;
  /** Refuses to go on without these, saying why they are needed and where each can be set. */
  require(names: readonly SettingName[], why: string): void;
}

/** Says of each setting's reader which value it gives. */
const readers: { readonly [Name in SettingName]: { read(given: Given): SettingValue<Name> } } = settings;

/** Collects settings from the options, their connection string, the environment, and its connection string. */
export function gatherSettings(options: object, context: SourcesContext): GivenSettings {
  const code: Layer = new Map([
    ...connectionLayer(own(options, "connection"), "option connection"),
    ...optionLayer(options, context),
  ]);
  const found: Layer = new Map([
    ...connectionLayer(own(context.env, "AIRCALL_CONNECTION"), "AIRCALL_CONNECTION"),
    ...variableLayer(context.env),
    ...code,
  ]);

  return {
    has: (name) => found.has(name),
    inCode: (name) => code.has(name),
    read<Name extends SettingName>(name: Name) {
      const given = found.get(name);
      return given ? readers[name].read(given) : null;
    },
    nameOf: (name) => found.get(name)?.name ?? settings[name].property ?? name,
    require(names, why) {
      const missing = names.filter((name) => !found.has(name));
      if (missing.length > 0) throw new ConfigError(`Missing: ${listOf(missing.map(whereToSet), "and")}. ${why}`);
    },
  };
}

/** `User (option user, variable AIRCALL_API_ID)`. */
export function whereToSet(name: SettingName): string {
  const { property, variable }: Setting = settings[name];
  return `${property ?? name} (option ${name}${variable ? `, variable ${variable}` : ""})`;
}

type Layer = Map<SettingName, Given>;

function optionLayer(options: object, { door, otherOptions }: SourcesContext): Layer {
  const aliases = door === "strategy" ? passportNames : new Map<string, SettingName>();
  const layer: Layer = new Map();
  for (const option of Object.keys(options)) {
    if (option === "connection") continue;
    const name = aliases.get(option) ?? settingNames.find((known) => known === option);
    if (!name) throw unknownOption(option, ["connection", ...settingNames, ...aliases.keys(), ...otherOptions]);
    const value = own(options, option);
    if (value === undefined || (option !== name && layer.has(name))) continue;
    const { property } = settings[name];
    layer.set(name, { value, name: property ? `${property} (option ${option})` : `option ${option}`, fromText: false });
  }
  return layer;
}

function variableLayer(env: NodeJS.ProcessEnv): Layer {
  const layer: Layer = new Map();
  for (const name of settingNames) {
    const { variable } = settings[name];
    const value = variable ? own(env, variable) : undefined;
    if (variable && value !== undefined && value !== "") layer.set(name, { value, name: variable, fromText: true });
  }
  return layer;
}

function connectionLayer(connection: unknown, source: string): Layer {
  const layer: Layer = new Map();
  if (connection === undefined || connection === "") return layer;
  const parsed = parseConnection(connection, source);
  for (const name of settingNames) {
    const { property } = settings[name];
    const value = property ? own(parsed, property) : undefined;
    if (value) layer.set(name, { value, name: `${property} (${source})`, fromText: true });
  }
  return layer;
}

/** Only what the object itself has: a polluted prototype sets nothing. */
function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}
