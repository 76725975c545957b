import type { Response } from "express";

/** Whether the next answer that is to hold a list is `{}` instead. */
export type ForgetsList = () => boolean;

/** True for one in so many answers; never for 0. */
export function createForgetfulness({ emptyAnswerEvery: every }: { emptyAnswerEvery: number }): ForgetsList {
  let answers = 0;

  return function forgetsList() {
    answers += 1;
    return every > 0 && answers % every === 0;
  };
}

export function letForget(res: Response, forgetsList: ForgetsList): void {
  res.locals["forgetsList"] = forgetsList;
}

export function forgetsListNow(res: Response): boolean {
  return (res.locals["forgetsList"] as ForgetsList | undefined)?.() ?? false;
}
