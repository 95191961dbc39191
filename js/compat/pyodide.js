// pyodide.js: pyodide.mjs for classic scripts, importScripts() and require(). What it imports is
// relative to this file, whoever loads it.
"use strict";
(() => {
  const version = "314.0.7";
  const loadPyodide = async (options) => (await import("./pyodide.mjs")).loadPyodide(options);
  globalThis.loadPyodide = loadPyodide;
  if (typeof module === "object" && typeof exports === "object") module.exports = { loadPyodide, version };
})();
