"""What runs in the measured processes. Each module prints one line of JSON: {"seconds": …, …}."""
