import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/dist/",
      "coverage/",
      "test/package/consumers/",
      "test/matrix/programs/**/*.ts",
      "test/matrix/consumers/",
      "site/pages/",
      "site/.vitepress/cache/",
    ],
  },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // `import x = require()` is how the types of CommonJS-only packages are read without forcing esModuleInterop on users.
      "@typescript-eslint/no-require-imports": ["error", { allowAsImport: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/prefer-promise-reject-errors": "off",
    },
  },
  {
    // undici is loaded on the first request, not with the library; rate-limiter-flexible where there is a Redis.
    files: ["src/http/transport/pool.ts", "src/budget/shared-window.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  { files: ["**/*.{js,cjs,mjs}"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        Buffer: "readonly",
        fetch: "readonly",
        AbortSignal: "readonly",
        module: "writable",
        require: "readonly",
        __dirname: "readonly",
        setTimeout: "readonly",
      },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // What passport.authenticate() answers has the type any.
    files: ["examples/**/*.ts"],
    rules: { "@typescript-eslint/no-unsafe-argument": "off" },
  },
  {
    // What runs in a browser.
    files: ["example-app/public/**/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...[
            "document",
            "sessionStorage",
            "location",
            "history",
            "addEventListener",
            "setInterval",
            "setTimeout",
            "clearTimeout",
          ],
          ...["Node", "HTMLElement", "EventSource", "BroadcastChannel", "DOMParser", "FormData", "URLSearchParams"],
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    // Everything that reads its own answer back as JSON in a test gets `any` from supertest.
    files: ["test/**/*.ts", "example-app/**/*.ts"],
    rules: { "@typescript-eslint/no-unsafe-assignment": "off", "@typescript-eslint/no-unsafe-member-access": "off" },
  },
);
