// targets.mjs: what a row must reach.

/** At most this share of what the faster of the two takes. */
export const best = (at) => ({ target: { of: "best", at } });
