import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import * as library from "express-aircall";

const root = join(__dirname, "../..");

/** The names that a fragment takes for granted: the library's, and those of an app around it. */
const surroundings = `
export {};
declare global {
${Object.keys(library)
  .map((name) => `  const ${name}: typeof import("express-aircall").${name};`)
  .join("\n")}
  const apollo: object;
  const app: import("express").Express;
  const auth: import("express-aircall").AircallAuth;
  const authorizeUrl: string;
  const client: import("redis").RedisClientType;
  const companyId: number;
  const content: string;
  const createExpressMiddleware: (options: object) => import("express").RequestHandler;
  const createClient: typeof import("redis").createClient;
  const customers: Set<number>;
  const createWriteStream: typeof import("node:fs").createWriteStream;
  const pipeline: typeof import("node:stream/promises").pipeline;
  const db: { $client: import("pg").Pool };
  const crm: { saveCall(company: number | null, call: import("express-aircall").AircallEventData["call.ended"]): Promise<void> };
  const events: import("express-aircall").AircallWebhooks;
  const inbox: { add(message: { id: string; from: string; body: string }): Promise<boolean> };
  const logCalls: typeof import("../../examples/recipes/log-calls.js").logCalls;
  const receiveSms: typeof import("../../examples/recipes/sms.js").receiveSms;
  const job: { data: import("express-aircall").EventJson };
  const queue: { add(name: string, data: object): Promise<void> };
  const express: typeof import("express");
  const expressMiddleware: (server: object, options: object) => import("express").RequestHandler;
  const done: (error: unknown, user?: object) => void;
  const id: number;
  const io: import("socket.io").Server;
  const knex: {
    client: { acquireConnection(): Promise<import("pg").Client>; releaseConnection(connection: object): Promise<void> };
  };
  const lastBegan: number;
  const options: import("express-session").SessionOptions;
  const passport: typeof import("passport");
  const prisma: { $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T> };
  const RedisStore: typeof import("connect-redis").RedisStore;
  const query: import("express-aircall").CallQuery;
  const readCursor: () => Promise<string | null>;
  const report: (fetched: number, total: number | null) => void;
  const req: import("express").Request;
  const res: import("express").Response;
  const router: object;
  const secret: string;
  const server: import("http").Server;
  const session: typeof import("express-session");
  const showBoard: import("express").RequestHandler;
  const simulator: import("express-aircall/simulator").Simulator;
  const sql: { unsafe(query: string, values: string[]): Promise<object[]> };
  const store: import("express-session").Store & ((call: import("express-aircall").Call) => Promise<void>);
  const user: object;
  const writeCursor: (cursor: string | null) => Promise<void>;
  const yesterday: Date;
  namespace Express {
    interface User {
      aircallCompanyId: number;
      email: string;
      tenantId: string;
      isAdministrator: boolean;
    }
  }
}
declare module "http" {
  interface IncomingMessage {
    aircall: import("express-aircall").RequestAircall;
  }
}
`;

/** Of variables that were set. */
const environment = `
declare namespace NodeJS {
  interface ProcessEnv {
    SESSION_SECRET: string;
    GRANTS_KEY: string;
    LINKS_KEY: string;
    OLD_GRANTS_KEY: string;
    AIRCALL_CLIENT_ID: string;
    AIRCALL_WEBHOOK_TOKEN: string;
  }
}
`;

const sourceFiles = new Map<string, ts.SourceFile | undefined>();

/** Reads each file of the libraries once, for all programs. */
function createHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    getSourceFile(name, ...rest) {
      if (name.includes("/test/readme-")) return host.getSourceFile(name, ...rest);
      if (!sourceFiles.has(name)) sourceFiles.set(name, host.getSourceFile(name, ...rest));
      return sourceFiles.get(name);
    },
  };
}

/** Of parts of programs. */
export function complaintsAboutFragments(sources: readonly string[]): string[] {
  const modules = sources.map((source) => {
    const imports = source.match(/^import .*?;$/gms) ?? [];
    const rest = imports.reduce((text, line) => text.replace(line, ""), source);
    return `${imports.join("\n")}\nexport async function fragment() {\n${rest}\n}\n`;
  });
  return complaintsAbout(modules, surroundings);
}

/** What TypeScript has to say of JavaScript files that import the library as its users do. */
export function complaintsAbout(sources: readonly string[], declared = ""): string[] {
  // Inside the repository, so that the packages an example imports are found.
  const folder = mkdtempSync(join(root, "test", "readme-"));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const files = [
      ...sources.map((source, index) => write(`example-${index + 1}.mjs`, source)),
      write("surroundings.d.ts", declared),
      write("environment.d.ts", environment),
    ];
    const options: ts.CompilerOptions = {
      allowJs: true,
      checkJs: true,
      noEmit: true,
      skipLibCheck: true,
      strict: false,
      strictNullChecks: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ["node"],
      paths: {
        "express-aircall": [join(root, "src/index.ts")],
        "express-aircall/simulator": [join(root, "src/simulator/index.ts")],
        "express-aircall/testing": [join(root, "src/testing/index.ts")],
        "express-aircall/bullmq": [join(root, "src/webhooks/bullmq/index.ts")],
        "express-aircall/webhooks": [join(root, "src/webhooks/parse/index.ts")],
        "express-aircall/otel": [join(root, "src/otel/index.ts")],
      },
    };
    const program = ts.createProgram(files, options, createHost(options));
    return files.flatMap((file) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
