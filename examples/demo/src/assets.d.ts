// assets.d.ts: what the bundler makes of an imported file that is no TypeScript.

/** A Python file, as text. */
declare module "*.py" {
  const source: string;
  export default source;
}
