// globals.d.ts: constants that the bundler fills in.

declare const PYJS_VERSION: string;
/** A hash of the files of this build. */
declare const PYJS_BUILD: string;
/** Bytes of the files of this build, by name. */
declare const PYJS_SIZES: Readonly<Record<string, number>>;
