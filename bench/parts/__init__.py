"""The parts of the benchmark; each can be run alone. They give figures, and steps for whoever asks why."""
