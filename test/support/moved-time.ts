/** For the tests of this file `Date.now` says what it says, and as much more as was passed. */
export function moveTime(): { readonly pass: (ms: number) => void } {
  let aheadMs = 0;

  beforeEach(() => {
    aheadMs = 0;
    const real = Date.now;
    jest.spyOn(Date, "now").mockImplementation(() => real() + aheadMs);
  });
  afterEach(() => void jest.restoreAllMocks());

  return { pass: (ms) => void (aheadMs += ms) };
}
