"""The benchmarks: Instroom against its peers and against the floor. `python -m bench --help` says what it measures."""
