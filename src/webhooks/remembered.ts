const dayMs = 86_400_000;

/** How far back Aircall's lists are looked through for events that never came. */
export const furthestBackMs = 7 * dayMs;
/** How long a handled event is remembered: what is found in a list may have been handled when it happened. */
export const rememberedMs = furthestBackMs + dayMs;
