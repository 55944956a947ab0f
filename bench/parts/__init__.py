"""The parts of the benchmark; each can be run alone. They return figures, and the steps that explain them."""
