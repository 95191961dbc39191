"""Hosts in which the runtime is tested: Node and headless Chromium, behind one interface."""
