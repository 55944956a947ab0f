"""The parts of the benchmark. Each has `measure(files, scale) -> list[Figure]` and can be run alone with `--only`."""
