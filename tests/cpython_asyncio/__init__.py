"""CPython's own tests of asyncio, run on WebLoop from the source that the build has."""
