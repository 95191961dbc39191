// index.ts: the module pyjs.mjs; its types and their documentation are in pyjs.d.ts.
import { createAPI } from "./api";
import { load } from "./load";
import type * as pyjs from "./pyjs";

export const version: typeof pyjs.version = PYJS_VERSION;

export const loadPyjs: typeof pyjs.loadPyjs = async (options = {}) => createAPI(await load(options));
