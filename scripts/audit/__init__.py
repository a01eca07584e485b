"""Shows, on the built program, that it holds no code to open an internet connection."""
