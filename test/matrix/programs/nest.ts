import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { Controller, Get, Module, Param, Req, type MiddlewareConsumer, type NestModule } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import session from "express-session";
import { aircallAuth, requireAircall, type RequestAircall } from "express-aircall";

interface WithAircall {
  readonly aircall: RequestAircall;
}

@Controller()
class CallsController {
  @Get("guarded/calls")
  async list(@Req() req: WithAircall) {
    return (await req.aircall.calls.list({ per_page: 5 })).items.map(({ id }) => id);
  }

  @Get("calls/:id")
  one(@Req() req: WithAircall, @Param("id") id: string) {
    return req.aircall.calls.get(id);
  }
}

@Module({ controllers: [CallsController] })
class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(requireAircall()).forRoutes("guarded");
  }
}

async function start(port: number) {
  const origin = `http://localhost:${port}`;
  const app = await NestFactory.create(AppModule, { logger: false });
  const secret = randomBytes(32).toString("hex");
  app.use(session({ secret, resave: false, saveUninitialized: false }));
  const settings = { ...JSON.parse(process.env["SETTINGS"]!), initiateOAuth: "GETANDREFRESH" };
  app.use(aircallAuth({ ...settings, callbackUrl: `${origin}/auth/aircall/callback` }));
  await app.listen(port, "127.0.0.1");
  process.send!({ origin });
}

void start(Number(process.env["PORT"]));
