const express = require("express");
const { ApolloServer } = require("@apollo/server");
const { initTRPC } = require("@trpc/server");
const { createExpressMiddleware } = require("@trpc/server/adapters/express");
const { aircallAuth, requireAircall } = require("express-aircall");

const integration = `@as-integrations/express${require("express/package.json").version.split(".")[0]}`;
const { expressMiddleware } = require(integration);

/** What a resolver and a procedure work with: the client of their request. */
const context = ({ req }) => Promise.resolve({ aircall: req.aircall });
const countUsers = async ({ aircall }) => (await aircall.users.list()).items.length;

const apollo = new ApolloServer({
  typeDefs: "type Query { users: Int! }",
  resolvers: { Query: { users: (_root, _args, given) => countUsers(given) } },
});
const trpc = initTRPC.context().create();
const router = trpc.router({ users: trpc.procedure.query(({ ctx }) => countUsers(ctx)) });

async function start() {
  await apollo.start();
  const app = express();
  app.use(aircallAuth(JSON.parse(process.env.SETTINGS)));
  app.use("/graphql", requireAircall(), express.json(), expressMiddleware(apollo, { context }));
  app.use("/trpc", requireAircall(), createExpressMiddleware({ router, createContext: context }));
  const server = app.listen(0, "127.0.0.1", () => {
    process.send({ origin: `http://127.0.0.1:${server.address().port}` });
  });
}

void start();
