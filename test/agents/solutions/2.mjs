import express from "express";
import { aircallAuth } from "express-aircall";

const app = express().use(aircallAuth());
app.get("/company", async (req, res) => {
  res.json({ name: (await req.aircall.company.get()).name });
});
app.listen(process.env.PORT);
