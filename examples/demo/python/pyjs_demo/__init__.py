"""The Python half of the demo page: the console, and the runner of the gallery's examples."""
