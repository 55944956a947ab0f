"""The commands, one a module; each is loaded when it is called."""
