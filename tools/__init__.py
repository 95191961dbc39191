"""The verbs behind the Makefile: SDK, dev tools, libraries and CPython for WebAssembly."""
