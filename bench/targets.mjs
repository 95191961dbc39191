// targets.mjs: what a row must reach.

/** At most this share of what the faster of the two takes. */
export const best = (at) => ({ target: { of: "best", at } });

/** At most this share of the same without it: a loop without time slices, JavaScript's own timers. */
export const plain = (at) => ({ target: { of: "plain", at } });
