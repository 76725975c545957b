// One company, by its API key: node --env-file=.env basic.mjs. Settings: npx express-aircall simulator.
import express from "express";
import { aircallAuth } from "express-aircall";

const app = express();
app.use(aircallAuth());

app.get("/", async (req, res) => {
  const company = await req.aircall.company.get();
  res.send(`${company.name} has ${company.users_count} users.`);
});

app.listen(process.env.PORT ?? 3000);
